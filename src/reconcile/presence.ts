import type { Fact, Presence, Times } from './facts.ts'

const never = -1

/**
 * What is known of an account after one more event, whatever the order in which they come: whether it is here depends on
 * what was told last, and whether it is shared on what was told since it was last gone. Within a second, which is all
 * that Meta tells, the one that came later counts.
 */
export function accountAfter(
  known: Fact<Presence> | undefined,
  told: Presence,
  at: number,
  seq: number,
): Fact<Presence> {
  const before = timesOf(known)
  const times: Times = { ...before, [told]: Math.max(at, before[told] ?? never) }
  return { state: presenceIn(times, known, told, at), at: Math.max(at, known?.at ?? at), seq, times }
}

const timesOf = (known: Fact<Presence> | undefined): Times =>
  known ? (known.times ?? { [known.state]: known.at }) : {}

function presenceIn(times: Times, known: Fact<Presence> | undefined, told: Presence, at: number): Presence {
  const { SHARED = never, INSTALLED = never, GONE = never } = times
  const here = Math.max(SHARED, INSTALLED)
  const last = here === GONE && at < here && known ? known.state : told
  if (GONE > here || (GONE === here && last === 'GONE')) return 'GONE'
  return SHARED >= GONE && SHARED !== never ? 'SHARED' : 'INSTALLED'
}
