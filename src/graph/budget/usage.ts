import { isRecord } from '../answer.ts'
import type { PreparedCall } from '../prepare.ts'
import type { Credential } from '../viewer.ts'
import type { GraphError } from '../error.ts'
import type { HeaderBag } from '../transport.ts'
import { cooldownScope } from './budget.ts'

export interface UsageEntry {
  readonly source: 'app' | 'business'
  /** The object that the percentages are about; null for the app as a whole. */
  readonly key: string | null
  readonly type: string | null
  readonly callCount: number
  readonly totalTime: number
  readonly totalCpuTime: number
  readonly regainSeconds: number | null
}

export interface Usage {
  /** The highest percentage of any allowance; Graph throttles at 100. */
  readonly maxPercent: number
  readonly regainSeconds: number | null
  readonly entries: readonly UsageEntry[]
}

// docs/graph-api/overview/rate-limiting; the page uses the second and the third name for one header.
const SOURCES: Readonly<Record<string, UsageEntry['source']>> = {
  'x-app-usage': 'app',
  'x-business-use-case-usage': 'business',
  'x-business-use-case': 'business',
}

/** Reads the usage headers; what cannot be read counts as not sent. */
export function parseUsage(headers: HeaderBag): Usage {
  const entries = Object.entries(headers).flatMap(([name, value]) => {
    const source = SOURCES[name.toLowerCase()]
    return source === undefined ? [] : [value ?? []].flat().flatMap((text) => readHeader(source, text))
  })
  const percents = entries.flatMap((entry) => [entry.callCount, entry.totalTime, entry.totalCpuTime])
  const regains = entries.flatMap((entry) => entry.regainSeconds ?? [])
  return {
    maxPercent: Math.max(0, ...percents),
    regainSeconds: regains.length > 0 ? Math.max(...regains) : null,
    entries,
  }
}

function readHeader(source: UsageEntry['source'], text: string): UsageEntry[] {
  const value = parseRecord(source === 'business' ? numberRepeatedKeys(text) : text)
  if (value === null) return []
  if (source === 'app') return readEntry(source, null, value)
  return Object.entries(value).flatMap(([key, list]) =>
    (Array.isArray(list) ? list : []).flatMap((item) => readEntry(source, key.replace(/#.*/, ''), item)),
  )
}

// Meta's own sample repeats a key, and JSON.parse would keep only the last one.
function numberRepeatedKeys(text: string): string {
  let count = 0
  return text.replace(/"([0-9]+)"(\s{0,9}:\s{0,9}\[)/g, (_all, id, one) => `"${id}#${count++}"${one}`)
}

function parseRecord(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}

function readEntry(source: UsageEntry['source'], key: string | null, item: unknown): UsageEntry[] {
  if (!isRecord(item)) return []
  const minutes = amount(item['estimated_time_to_regain_access'])
  const type = item['type']
  const entry = {
    callCount: amount(item['call_count']),
    totalTime: amount(item['total_time']),
    totalCpuTime: amount(item['total_cputime']),
    // The header speaks in minutes.
    regainSeconds: minutes > 0 ? minutes * 60 : null,
  }
  return [{ source, key, type: typeof type === 'string' ? type.slice(0, 100) : null, ...entry }]
}

function amount(value: unknown): number {
  const number = typeof value === 'string' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : 0
}

/** What of a call decides which budgets it uses up. */
export type Budgeted = Pick<
  PreparedCall<unknown>,
  'appId' | 'credential' | 'who' | 'object' | 'metering' | 'isRead' | 'priority'
>

const kinds: readonly Credential['kind'][] = ['system', 'business', 'user', 'app']

/** Graph limits an app's calls by the kind of token that they carry. */
export const kindBudgets = (appId: string): readonly string[] => kinds.map((kind) => `${appId} kind ${kind}`)
export const kindBudget = ({ appId, credential }: Budgeted): string => `${appId} kind ${credential.kind}`
export const tokenBudget = ({ appId, who }: Budgeted): string => `${appId} token ${who}`
export const objectBudget = ({ appId }: Pick<Budgeted, 'appId'>, object: string): string =>
  `${appId} object ${object}`

/** The budgets that a call uses up. */
export function budgetsOf(call: Budgeted): readonly string[] {
  return [
    kindBudget(call),
    tokenBudget(call),
    ...(call.object === null ? [] : [objectBudget(call, call.object)]),
  ]
}

/** The budget of what the call is about: its object, or its token when it is about none. */
export function ownBudget(call: Budgeted): string {
  return call.object === null ? tokenBudget(call) : objectBudget(call, call.object)
}

type Entries = readonly UsageEntry[]

/** How full each budget is in the words of an answer: of several figures for one, the highest. */
export function percentsIn(call: Budgeted, entries: Entries): ReadonlyMap<string, number> {
  const percents = new Map<string, number>()
  const { app, own, others } = sortOut(call, entries)
  const note = (budget: string, entry: UsageEntry): void =>
    void percents.set(budget, Math.max(percents.get(budget) ?? 0, percentOf(entry)))
  for (const entry of app) note(kindBudget(call), entry)
  if (call.object !== null) for (const entry of own.length > 0 ? own : others) note(ownBudget(call), entry)
  return percents
}

/** A budget that has to cool down. */
export interface BudgetToCool {
  readonly budget: string
  /** Undefined when Graph does not say for how long. */
  readonly seconds: number | undefined
}

/** What has to cool down after a throttled answer, each budget for the time that is its own. */
export function cooldownsAfter(call: Budgeted, entries: Entries, error: GraphError): readonly BudgetToCool[] {
  const regaining = entries.filter(({ regainSeconds }) => regainSeconds !== null)
  const { app, own, others } = sortOut(call, regaining)
  const until = (named: Entries): number | undefined => longest(error.retryAfterSeconds, named)
  switch (cooldownScope(error)) {
    case null:
      return []
    case 'kind':
      return [{ budget: kindBudget(call), seconds: until([...app, ...others]) }]
    case 'token':
      return [{ budget: tokenBudget(call), seconds: until([...app, ...others]) }]
    case 'object':
      return [{ budget: ownBudget(call), seconds: until(own.length > 0 ? own : others) }]
  }
}

/**
 * The entries by what they speak of. WhatsApp's limits are those of an account and an app, and yet the key of the header
 * is the token's business in the words of Meta's page on rate limiting, and an account in its samples. So what names
 * nothing that was asked for is about it all the same, unless the header names that as well.
 */
function sortOut({ object }: Budgeted, entries: Entries) {
  const app = entries.filter(({ key }) => key === null)
  const own = entries.filter(({ key }) => key !== null && key === object)
  const others = entries.filter(({ key }) => key !== null && key !== object)
  return { app, own, others }
}

function longest(least: number | undefined, entries: Entries): number | undefined {
  const waits = [least, ...entries.map(({ regainSeconds }) => regainSeconds)]
  const known = waits.filter((wait) => typeof wait === 'number')
  return known.length > 0 ? Math.max(...known) : undefined
}

function percentOf({ callCount, totalTime, totalCpuTime }: UsageEntry): number {
  return Math.max(callCount, totalTime, totalCpuTime)
}
