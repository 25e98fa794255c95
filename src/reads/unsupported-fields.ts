import { Lru } from '../lib/lru.ts'
import type { GraphError } from '../graph/error.ts'
import { nameOf, type FieldTree, type Expansion, type Field } from '../graph/fields.ts'
import { rowOf, typeNamed, witnessOf } from '../graph/nodes.ts'

/** A field of a node type. */
export interface FieldRef {
  readonly type: string
  readonly field: string
  /** The edge of that name as a call of its own; without it, the field in a `fields=` list. */
  readonly edge?: true
}

/** A field that Graph does not take, and what Graph said of it. */
export interface UnsupportedField extends FieldRef {
  readonly error: GraphError
  /** Of one object or list alone, as when a permission is missing; else of the app, whatever it reads. */
  readonly isOfScope: boolean
}

/** An object or a list as one viewer sees it. */
export interface ReadScope {
  readonly key: string
  /** What was found out here no longer counts once one of these objects is evicted. */
  readonly ids: readonly string[]
}

/** Tells what has been evicted since: the cache of reads. */
interface Evictions {
  isCurrent(since: number, ids: readonly string[]): boolean
}

interface Remembered {
  readonly field: UnsupportedField
  readonly until: number
}

interface KnownOfScope {
  readonly fields: ReadonlyMap<string, Remembered>
  /** Until then nothing is guessed here: fields were left out, and that did not help. */
  readonly givenUpUntil: number
  readonly since: number
}

/** Which fields an app may have is part of its review, and changes seldom. */
const lifetimeMs = 60 * 60_000
/** Permissions are given and taken away without a word. */
const lifetimeOfScopeMs = 10 * 60_000
const most = { fields: 1_000, scopes: 10_000 }

/** The fields that Graph does not take, of an app or of one scope. One process speaks one version of Graph, so that is no key. */
export class UnsupportedFields {
  readonly #ofApps = new Lru<Remembered>({ entries: most.fields })
  readonly #ofScopes = new Lru<KnownOfScope>({ entries: most.scopes })
  readonly #evictions: Evictions
  readonly #now: () => number

  constructor(evictions: Evictions = noEvictions, now: () => number = () => performance.now()) {
    this.#evictions = evictions
    this.#now = now
  }

  /** `since` was taken before the read began. */
  remember(appId: string, field: UnsupportedField, scope: ReadScope, since: number): void {
    const key = keyOf(field)
    if (!field.isOfScope)
      return this.#ofApps.set(`${appId} ${key}`, { field, until: this.#now() + lifetimeMs })
    const { fields, givenUpUntil } = this.#known(scope)
    const remembered = { field, until: this.#now() + lifetimeOfScopeMs }
    this.#ofScopes.set(scope.key, { fields: new Map([...fields, [key, remembered]]), givenUpUntil, since })
  }

  /** Why a field cannot be asked for, of the app or in the scope; null when it can. */
  of(appId: string, ref: FieldRef, scope?: ReadScope): GraphError | null {
    const key = keyOf(ref)
    const here = scope && this.#known(scope).fields.get(key)
    const valid = [this.#ofApps.get(`${appId} ${key}`), here].find((one) => one && this.#lasts(one.until))
    return valid?.field.error ?? null
  }

  /** What is refused in this scope alone. */
  at(scope: ReadScope): readonly UnsupportedField[] {
    const remembered = [...this.#known(scope).fields.values()]
    return remembered.filter(({ until }) => this.#lasts(until)).map(({ field }) => field)
  }

  giveUp(scope: ReadScope, since: number): void {
    const { fields } = this.#known(scope)
    this.#ofScopes.set(scope.key, { fields, givenUpUntil: this.#now() + lifetimeOfScopeMs, since })
  }

  isGivenUp(scope: ReadScope): boolean {
    return this.#lasts(this.#known(scope).givenUpUntil)
  }

  #known({ key, ids }: ReadScope): KnownOfScope {
    const known = this.#ofScopes.get(key)
    return known && this.#evictions.isCurrent(known.since, ids) ? known : nothingKnown
  }

  #lasts(until: number): boolean {
    return until > this.#now()
  }
}

const noEvictions: Evictions = { isCurrent: () => true }
const nothingKnown: KnownOfScope = { fields: new Map(), givenUpUntil: 0, since: 0 }

const keyOf = ({ type, field, edge }: FieldRef): string => `${type}${edge ? '/' : '.'}${field}`

// The wordings are known from third parties only; the first is spelled in two ways.
const wordings = [
  /non-?exist(?:ing|ent) field \((\w{1,100})\)(?: on node type \((\w{1,100})\))?/i,
  /\(#12\) (\w{1,100}) (?:field )?is deprecated/i,
]
/** 100 a parameter, 12 what a version no longer has. */
const codes: ReadonlySet<number> = new Set([100, 12])

/** Whether Graph refuses what is asked for, and not the object or the caller. */
export function isRefusal({ kind, code }: GraphError): boolean {
  return kind === 'invalid' && code !== undefined && codes.has(code)
}

/** The field that Graph names in its refusal; null when it names none. */
export function fieldRefused(error: GraphError): string | null {
  return namedIn(error)?.field ?? null
}

/** What Graph says it does not know, and on which of our types, where it names one that is ours. */
export function namedIn({ message }: GraphError): { field: string; type: string | undefined } | null {
  const [, field, graphName] = wordings.map((wording) => wording.exec(message)).find(Boolean) ?? []
  return field === undefined ? null : { field, type: typeNamed(graphName) }
}

/**
 * What may be left out after a refusal: the field that it names, where the tree has it. A name that stands at several
 * places is left out of the deepest first. Empty when the refusal is not about a field that can be spared.
 */
export function refusedIn(error: GraphError, type: string, tree: FieldTree): readonly FieldRef[] {
  const named = namedIn(error)
  if (named === null) return []
  const places = spareable(type, tree).filter(
    (place) => place.field === named.field && (named.type === undefined || named.type === place.type),
  )
  return places.slice(-1)
}

/** Every expansion that can be read as an edge instead. */
export function expansionsIn(type: string, tree: FieldTree): readonly FieldRef[] {
  return spareable(type, tree).filter((place) => rowOf(place.type, place.field).edge !== undefined)
}

/** Every field but those without which an object cannot be told from another. */
export function spareable(type: string, tree: FieldTree): readonly FieldRef[] {
  return tree.flatMap((field) => {
    const name = nameOf(field)
    const of = rowOf(type, name).of
    const below = typeof field !== 'string' && field.fields && of ? spareable(of, field.fields) : []
    return name === 'id' || name === witnessOf(type) ? below : [{ type, field: name }, ...below]
  })
}

export type IsUnsupported = (ref: FieldRef) => boolean

export interface Trimmed {
  /** What may be asked for in one `fields=`. */
  readonly kept: FieldTree
  /** Refused expansions that can be read as edges of their own. */
  readonly edges: readonly Expansion[]
  /** Refused, and there is no other way. */
  readonly lost: readonly FieldRef[]
}

/** Takes what Graph refuses out of a tree, at every level of it. */
export function trim(type: string, tree: FieldTree, isRefused: IsUnsupported): Trimmed {
  const refused = tree.filter((field) => isRefused({ type, field: nameOf(field) }))
  const kept = tree.filter((field) => !refused.includes(field))
  const below = kept.map((field) => trimBelow(type, field, isRefused))
  const isEdge = (field: Field): field is Expansion => typeof field !== 'string' && hasEdge(type, field)
  const isShut = (field: Expansion): boolean => isRefused({ type, field: field.name, edge: true })
  const edges = refused.filter(isEdge)
  return {
    kept: below.every((field, index) => field === kept[index]) && refused.length === 0 ? tree : below,
    edges: edges
      .filter((field) => !isShut(field))
      .map((field) => trimBelow(type, field, isRefused) as Expansion),
    lost: [
      ...refused.filter((field) => !isEdge(field)).map((field) => ({ type, field: nameOf(field) })),
      ...edges.filter(isShut).map(({ name }) => ({ type, field: name, edge: true as const })),
    ],
  }
}

/** A field with what lies below it trimmed; itself when there is nothing to take out. */
export function trimBelow(type: string, field: Field, isRefused: IsUnsupported): Field {
  const of = rowOf(type, nameOf(field)).of
  if (typeof field === 'string' || !field.fields || of === undefined) return field
  const { kept } = trim(of, field.fields, isRefused)
  return kept === field.fields ? field : { ...field, fields: kept.length > 0 ? kept : ['id'] }
}

function hasEdge(type: string, field: Field): boolean {
  return rowOf(type, nameOf(field)).edge !== undefined
}
