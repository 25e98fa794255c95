/** Running counts of one selection set, fragments written out. */
export type Tally = {
  fields: number
  depth: number
  aliases: number
  directives: number
  introspectionFields: number
  introspectionDepth: number
  repetitions: number
  /** How often each field name stands in this selection set itself, not below it. */
  top: Map<string, number>
}

export function emptyTally(): Tally {
  return {
    fields: 0,
    depth: 0,
    aliases: 0,
    directives: 0,
    introspectionFields: 0,
    introspectionDepth: 0,
    repetitions: 0,
    top: new Map(),
  }
}

/** A fragment's counts become part of the selection set that spreads it. */
export function absorb(into: Tally, part: Tally, ceiling: number): void {
  into.fields = Math.min(ceiling, into.fields + part.fields)
  into.introspectionFields = Math.min(ceiling, into.introspectionFields + part.introspectionFields)
  into.aliases = Math.min(ceiling, into.aliases + part.aliases)
  into.directives = Math.min(ceiling, into.directives + part.directives)
  into.depth = Math.max(into.depth, part.depth)
  into.introspectionDepth = Math.max(into.introspectionDepth, part.introspectionDepth)
  into.repetitions = Math.max(into.repetitions, part.repetitions)
  for (const [name, count] of part.top) {
    into.top.set(name, Math.min(ceiling, (into.top.get(name) ?? 0) + count))
  }
}

/** Adds one field and everything below it. What lies below `__schema` or `__type` is counted apart. */
export function enclose(into: Tally, inner: Tally, how: { introspection: boolean; ceiling: number }): void {
  const { introspection, ceiling } = how
  const apart = introspection ? inner.fields : 0
  into.fields = Math.min(ceiling, into.fields + 1 + inner.fields - apart)
  into.introspectionFields = Math.min(ceiling, into.introspectionFields + inner.introspectionFields + apart)
  into.depth = Math.max(into.depth, introspection ? 1 : Math.min(ceiling, inner.depth + 1))
  const introspectionDepth = Math.max(inner.introspectionDepth, introspection ? inner.depth : 0)
  into.introspectionDepth = Math.max(into.introspectionDepth, introspectionDepth)
  into.aliases = Math.min(ceiling, into.aliases + inner.aliases)
  into.directives = Math.min(ceiling, into.directives + inner.directives)
  into.repetitions = Math.max(into.repetitions, inner.repetitions)
}

/** To be called once a selection set is complete: only then its own repetitions are known. */
export function closeSelection(tally: Tally): void {
  for (const count of tally.top.values()) tally.repetitions = Math.max(tally.repetitions, count)
}

/** Keeps the larger of each count. */
export function takeTheWorse(worst: Tally, other: Tally): void {
  worst.fields = Math.max(worst.fields, other.fields)
  worst.depth = Math.max(worst.depth, other.depth)
  worst.aliases = Math.max(worst.aliases, other.aliases)
  worst.directives = Math.max(worst.directives, other.directives)
  worst.introspectionFields = Math.max(worst.introspectionFields, other.introspectionFields)
  worst.introspectionDepth = Math.max(worst.introspectionDepth, other.introspectionDepth)
  worst.repetitions = Math.max(worst.repetitions, other.repetitions)
  if (total(other) > total(worst)) worst.top = other.top
}

function total(tally: Tally): number {
  let fields = 0
  for (const count of tally.top.values()) fields += count
  return fields
}
