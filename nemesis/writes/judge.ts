import type { Verb } from '../../test/writes/support/verbs/verb.ts'
import type { Claim } from './claim.ts'

/** What callers were told in one stage of a round, and what the simulator had done by its end. */
export interface Stage {
  readonly name: string
  readonly claims: readonly Claim[]
  readonly writes: Readonly<Record<string, number>>
  /** Whether what Graph cannot show may have been sent a second time by now. */
  readonly isLate: boolean
}

export interface Round {
  readonly verb: Verb
  readonly hasKey: boolean
  readonly stages: readonly Stage[]
}

/** Refusals that say nothing of the write: Graph could not be asked how things stand. */
const passing = ['RATE_LIMITED', 'UPSTREAM_UNAVAILABLE', 'TOKEN_INVALID']

/** What must not be, in sentences; nothing when all is as it should. */
export function judge(round: Round): readonly string[] {
  const { stages } = round
  const last = stages.at(-1)
  return [
    ...stages.flatMap((stage, index) => [
      ...judgeCount(round, stage),
      ...judgeClaims(round.verb, stage, isSentAgain(round, stage) || stages.slice(0, index).some(wasDone)),
    ]),
    ...(last ? judgeLast(round, last) : []),
  ]
}

const wasDone = ({ claims }: Stage): boolean => claims.some(({ kind }) => kind === 'done')

/** What Graph cannot show is given up after a time, unless a key holds it; Graph may then say that it was done before. */
const isSentAgain = ({ verb, hasKey }: Pick<Round, 'verb' | 'hasKey'>, { isLate }: Stage): boolean =>
  isLate && !verb.shows && !hasKey

function judgeCount({ verb, hasKey }: Round, stage: Stage): readonly string[] {
  const most = isSentAgain({ verb, hasKey }, stage) ? 2 : 1
  return verb.routes
    .filter(({ name }) => (stage.writes[name] ?? 0) > most)
    .map(({ name }) => `${stage.name}: ${name} was done ${stage.writes[name]} times`)
}

/**
 * Done is done, and refused is not: unless another caller did it at the same time, or it is refused because it was done,
 * or for a reason that has nothing to do with it.
 */
function judgeClaims(verb: Verb, stage: Stage, before: boolean): readonly string[] {
  const counts = verb.routes.map(({ name }) => stage.writes[name] ?? 0)
  const isDone = counts.every((count) => count > 0)
  return stage.claims.flatMap(({ kind, codes, answer }) => {
    const said = `${stage.name}: done at Graph ${counts.join('+')}, and told ${JSON.stringify(answer)}`
    if (kind === 'done') return isDone ? [] : [said]
    if (kind === 'unknown' || !isDone || wasDone(stage)) return []
    const other = before || stage.claims.some((claim) => claim.kind === 'unknown')
    return other && codes.every((code) => [...passing, ...(verb.again ?? [])].includes(code)) ? [] : [said]
  })
}

/** When nothing is wrong any more and enough time has gone by, what can be known is known. */
function judgeLast({ verb, hasKey }: Round, stage: Stage): readonly string[] {
  const mayStay = !verb.shows && hasKey
  return stage.claims
    .filter(({ kind }) => kind === 'unknown' && !mayStay)
    .map(({ answer }) => `${stage.name}: still unknown: ${JSON.stringify(answer)}`)
}
