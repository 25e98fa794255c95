import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  buildSchema,
  findBreakingChanges,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isNullableType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
  validate,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { schema } from '../../src/api/schema.ts'
import { root } from '../support/repository.ts'
import { repositoryFiles } from '../support/repository.ts'

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
)

/** Every member as `Type.field(argument)` with its description. */
function* members(): Generator<[name: string, description: string | null | undefined]> {
  for (const type of types) {
    yield [type.name, type.description]
    if (isEnumType(type))
      for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value.description]
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue
    for (const field of Object.values(type.getFields())) {
      yield [`${type.name}.${field.name}`, field.description]
      if (!('args' in field)) continue
      for (const argument of field.args)
        yield [`${type.name}.${field.name}(${argument.name})`, argument.description]
    }
  }
}

/** All but mutations, whose payloads are null only beside an error. */
function* nullableFields(): Generator<[name: string, description: string | null | undefined]> {
  for (const type of types) {
    if ((!isObjectType(type) && !isInterfaceType(type)) || type === schema.getMutationType()) continue
    for (const field of Object.values(type.getFields()))
      if (isNullableType(field.type)) yield [`${type.name}.${field.name}`, field.description]
  }
}

/**
 * Fields that 0.1.0 promised never to be null, and that can fail by themselves: such a failure took the whole answer.
 * Null stands only beside an error at their path.
 */
const madeNullable = [
  ['ClientWaba.events', 'EventConnection'],
  ['ClientWaba.onboarding', 'Onboarding'],
  ['ClientWabaOnboardingProgress.onboarding', 'Onboarding'],
  ['OnboardClientWabaPayload.onboarding', 'Onboarding'],
  ['PhoneNumber.registrationBudget', 'RegistrationBudget'],
  ['Query.events', 'EventConnection'],
  ['Solution.events', 'EventConnection'],
] as const

const nowNullable = (field: string, type: string): string =>
  `Field ${field} changed type from ${type}! to ${type}.`

const contracts = join(root, 'test/fixtures/schema')
const releases = readdirSync(contracts).map((file) => file.replace('.graphql', ''))

describe('the schema', () => {
  it.each(releases)('takes nothing away from what clients of %s rely on', (release) => {
    const before = buildSchema(readFileSync(join(contracts, `${release}.graphql`), 'utf8'))
    const changes = findBreakingChanges(before, schema).map(({ description }) => description)
    const agreed = release === '0.1.0' ? madeNullable.map(([field, type]) => nowNullable(field, type)) : []
    expect(changes.sort()).toEqual(agreed.sort())
  })

  it('describes every type, field, argument and enum value', () => {
    const bare = [...members()].filter(([, description]) => !description?.trim()).map(([name]) => name)
    expect(bare).toEqual([])
  })

  it('says of every nullable field what null means', () => {
    const silent = [...nullableFields()].filter(([, description]) => !/null/i.test(description ?? ''))
    expect(silent.map(([name]) => name)).toEqual([])
  })

  it('says more in a description than the name does', () => {
    const plain = (text: string): string => text.toLowerCase().replace(/[^a-z]/g, '')
    const echoes = [...members()].filter(
      ([name, description]) => plain(description ?? '') === plain(name.split(/[.(]/).at(-1) ?? ''),
    )
    expect(echoes).toEqual([])
  })

  it('can be imported without environment, disk or network', () => {
    const program = `const { schema } = await import('./src/api/schema.ts'); process.stdout.write(schema.getQueryType().name)`
    const flags = ['--permission', `--allow-fs-read=${root}*`, '--input-type=module', '-e', program]
    expect(execFileSync(process.execPath, flags, { cwd: root, env: {}, encoding: 'utf8' })).toBe('Query')
  })

  it('lists no field through which a caller could choose a path, host, method or token of a Graph call', () => {
    const names = [...members()].map(([name]) => name.split(/[.(]/).at(-1)?.replace(')', '').toLowerCase())
    expect(
      names.filter((name) => /^(path|url|host|version|method|accesstoken|fields)$/.test(name ?? '')),
      // How a line of credit is shared, one of two that Meta's page describes.
    ).toEqual(['path', 'method'])
  })

  it.each(
    repositoryFiles().filter((file) => file.startsWith('schema/operations/') && file.endsWith('.graphql')),
  )('admits %s', (file) => {
    expect(validate(schema, parse(readFileSync(join(root, file), 'utf8')))).toEqual([])
  })
})
