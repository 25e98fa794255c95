import type { EventKind, StoredEvent } from '../events/event.ts'
import { GraphError } from '../graph/error.ts'
import { readAudit } from '../writes/audit.ts'
import type { Facts } from './facts.ts'
import { isConnected } from './numbers.ts'
import { done, open, type Finding } from './step.ts'

/** One step from the facts. A GraphError of a fact means that it cannot be told. */
type Tell = (facts: Facts) => Promise<Finding>

const arrivals = new Set<EventKind>(['CLIENT_WABA_ONBOARDED', 'CLIENT_WABA_APP_INSTALLED'])
const departures = new Set<EventKind>(['CLIENT_WABA_REMOVED', 'CLIENT_WABA_APP_UNINSTALLED'])

export const tellShared: Tell = async (facts) => {
  const history = await facts.history()
  const arrived = history.findLast(({ kind }) => arrivals.has(kind))
  const left = history.findLast(({ kind }) => departures.has(kind))
  const refused = await outcomeOf(facts.isShared())
  if (!(refused instanceof GraphError)) return done(arrived?.occurredAt ?? null)
  if (refused.kind !== 'not-found' && refused.kind !== 'permission') throw refused
  if (left && hasLeft(history))
    return {
      ...open('FAILED', 'CUSTOMER', 'The customer no longer shares the account.'),
      at: left.occurredAt,
    }
  return open('TODO', 'CUSTOMER', "The customer has not shared the account with this app's portfolio.")
}

const hasLeft = (history: readonly StoredEvent[]): boolean =>
  departures.has(history.findLast(({ kind }) => arrivals.has(kind) || departures.has(kind))?.kind ?? 'OTHER')

/** Every other step waits for a customer who has gone. Null for one who is there. */
export async function withoutSharing(facts: Facts): Promise<Finding | null> {
  if (!hasLeft(await facts.history())) return null
  const { state, reason } = await tellShared(facts)
  return state === 'FAILED' ? open('BLOCKED', 'CUSTOMER', reason ?? '') : null
}

export const tellToken: Tell = async (facts) => {
  const { viewer } = await facts.account()
  const token = await outcomeOf(facts.token())
  if (token === 'business') return done()
  if (token === 'system')
    return open(
      'NOT_NEEDED',
      null,
      'The system token opens the account: it is one that the partner has asked for.',
    )
  if (token.transient) throw token
  if (!viewer.customer)
    return open(
      'TODO',
      'CUSTOMER',
      'Nothing has told yet who the customer is: neither an onboarding webhook nor the code of Embedded Signup.',
    )
  return viewer.customer.solutionId === null
    ? open('TODO', 'US', `Hand in the code of Embedded Signup (completeEmbeddedSignup): ${token.message}`)
    : open('BLOCKED', 'PARTNER', `The solution gives no token that opens the account: ${token.message}`)
}

export const tellSubscribed: Tell = async (facts) => {
  const { subscribed } = await facts.subscription()
  if (subscribed) return done(lastDone(await facts.history(), 'subscribe_app')?.occurredAt ?? null)
  return (
    (await withoutToken(facts)) ??
    open('TODO', 'US', 'Subscribe the app to the account (subscribeAppToWaba).')
  )
}

export const tellRegistered: Tell = async (facts) => {
  const { data, more } = await facts.numbers()
  const live = data.filter(isConnected)
  if (live.length > 0)
    return done(lastDone(await facts.history(), 'register_phone_number')?.occurredAt ?? null)
  if (more) return open('UNKNOWN', null, 'None of the first 100 numbers is connected, and there are more.')
  if (data.length === 0) return open('TODO', 'US', 'The account has no phone number (addPhoneNumber).')
  return (
    (await withoutToken(facts)) ??
    open('TODO', 'US', `No number is connected: ${describe(data)} (registerPhoneNumber).`)
  )
}

const describe = (numbers: Awaited<ReturnType<Facts['numbers']>>['data']): string =>
  numbers
    .slice(0, 3)
    .map(({ display_phone_number: number, status }) => `${number ?? 'a number'} is ${status ?? 'unknown'}`)
    .join(', ')

/** A step that needs the customer's token waits for that one. */
async function withoutToken(facts: Facts): Promise<Finding | null> {
  const { state, waitsFor } = await tellToken(facts)
  return state === 'DONE' || state === 'NOT_NEEDED'
    ? null
    : open('BLOCKED', waitsFor, "This takes the customer's business token.")
}

function lastDone(history: readonly StoredEvent[], verb: string): StoredEvent | undefined {
  return history.findLast(
    ({ source, field, payload }) =>
      source === 'GATEWAY' && field === verb && readAudit(payload)?.outcome === 'DONE',
  )
}

async function outcomeOf<T>(fact: Promise<T>): Promise<T | GraphError> {
  try {
    return await fact
  } catch (error) {
    if (error instanceof GraphError) return error
    throw error
  }
}
