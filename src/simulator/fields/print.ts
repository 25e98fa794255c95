import type { Field, Modifier } from './parse.ts'

const printModifier = ({ name, argument }: Modifier): string => `.${name}(${argument})`

function printField({ name, modifiers, fields }: Field): string {
  const inner = fields === undefined ? '' : `{${printFields(fields)}}`
  return `${name}${modifiers.map(printModifier).join('')}${inner}`
}

export const printFields = (fields: readonly Field[]): string => fields.map(printField).join(',')

/** True when `name` is asked for anywhere in the tree. */
export const asksFor = (fields: readonly Field[], name: string): boolean =>
  fields.some((field) => field.name === name || asksFor(field.fields ?? [], name))
