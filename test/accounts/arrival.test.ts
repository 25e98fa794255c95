import { describe, expect, it } from 'vitest'
import type { EventSource, StoredEvent } from '../../src/events/event.ts'
import { eventKinds, type EventKind } from '../../src/events/kinds.ts'
import {
  arrivalIn,
  arrivingKinds,
  isArrival,
  isDeparture,
  isNewArrival,
  lastArrivalIn,
  turnKinds,
} from '../../src/accounts/arrival.ts'

type Told = [app: string, kind: EventKind, minute?: number, solution?: string, source?: EventSource]

const eventsOf = (history: readonly Told[]): StoredEvent[] =>
  history.map(([appId, kind, minute = 0, solutionId = '7', source = 'WEBHOOK'], seq) => {
    const event = kind === needed ? 'PARTNER_CLIENT_CERTIFICATION_NEEDED' : null
    return { seq, appId, kind, event, solutionId, source, occurredAt: minute * 60_000 } as StoredEvent
  })

/** Which of a history's events are announced, by their place in it. */
function announced(history: readonly Told[]): number[] {
  const events = eventsOf(history)
  return events
    .filter((event, index) => isArrival(event) && isNewArrival(event, events.slice(0, index)))
    .map(({ seq }) => seq)
}

const added = 'CLIENT_WABA_ONBOARDED'
const installed = 'CLIENT_WABA_APP_INSTALLED'
const removed = 'CLIENT_WABA_REMOVED'
const needed = 'BUSINESS_VERIFICATION_UPDATED'

describe('a customer arrives', () => {
  it.each<[string, Told[], number[]]>([
    ['once when one app is told', [['a', added]], [0]],
    [
      'once when both partners are told',
      [
        ['a', added],
        ['b', added],
      ],
      [0],
    ],
    [
      'once when the permission follows the account',
      [
        ['a', added],
        ['a', installed],
      ],
      [0],
    ],
    [
      'once when the account follows the permission',
      [
        ['a', installed],
        ['a', added, 1],
      ],
      [0],
    ],
    [
      'again when it is shared anew soon after the permission that followed the first time',
      [
        ['a', added],
        ['a', installed, 1],
        ['a', added, 20],
      ],
      [0, 2],
    ],
    ['by a verification that is needed, where nothing else tells', [['a', needed]], [0]],
    ['never by a verification of which no webhook tells', [['a', needed, 0, '7', 'GATEWAY']], []],
    [
      'again when the account follows the permission after more than an hour',
      [
        ['a', installed],
        ['a', added, 61],
      ],
      [0, 1],
    ],
    [
      'once when the verification is needed before the account is told of',
      [
        ['a', needed],
        ['a', installed, 1],
        ['a', added, 2],
      ],
      [0],
    ],
    [
      'once when the verification is needed after that',
      [
        ['a', added],
        ['a', needed, 500],
      ],
      [0],
    ],
    [
      'once when a comparison finds what the verification has told of',
      [
        ['a', needed],
        ['a', added, 300, '7', 'RECONCILED'],
      ],
      [0],
    ],
    ['by a hosted signup, which tells of the permission only', [['a', installed]], [0]],
    [
      'once when a comparison found it and the webhook came late',
      [
        ['a', added, 5, '7', 'RECONCILED'],
        ['a', added, 1],
      ],
      [0],
    ],
    [
      'again when a webhook tells of a later time than the comparison',
      [
        ['a', added, 5, '7', 'RECONCILED'],
        ['a', added, 9],
      ],
      [0, 1],
    ],
    [
      'again after leaving',
      [
        ['a', added],
        ['a', removed],
        ['a', added],
      ],
      [0, 2],
    ],
    [
      'again when the news of leaving was lost',
      [
        ['a', added],
        ['b', added],
        ['a', added],
        ['b', added],
      ],
      [0, 2],
    ],
    [
      'again by a permission after leaving',
      [
        ['a', added],
        ['a', removed],
        ['a', installed],
      ],
      [0, 2],
    ],
    [
      'through each of two solutions',
      [
        ['a', added, 0, '7'],
        ['a', added, 0, '8'],
      ],
      [0, 1],
    ],
    [
      'again when one of two partners missed the first',
      [
        ['a', added],
        ['a', added],
        ['b', added],
      ],
      [0, 1],
    ],
  ])('%s', (_, history, expected) => {
    expect(announced(history)).toEqual(expected)
  })
})

describe('the arrival by which an account is here', () => {
  it.each<[string, Told[], number | null]>([
    ['is none where nothing was told', [], null],
    [
      'is the first that tells of it',
      [
        ['a', installed],
        ['a', added, 1],
        ['a', needed, 2],
      ],
      0,
    ],
    [
      'is the one after the last departure',
      [
        ['a', added],
        ['a', removed, 1],
        ['a', installed, 2],
      ],
      2,
    ],
    [
      'is none of an account that has gone',
      [
        ['a', added],
        ['a', removed, 1],
      ],
      null,
    ],
  ])('%s', (_, history, expected) => {
    expect(arrivalIn(eventsOf(history))?.seq ?? null).toBe(expected)
  })
})

describe('the last arrival of an account', () => {
  it('is not put off by what tells of it once more, and stays when the account goes', () => {
    const history: Told[] = [
      ['a', added],
      ['a', installed, 1],
      ['a', needed, 9000],
      ['a', removed, 9001],
    ]
    expect(lastArrivalIn(eventsOf(history))?.seq).toBe(0)
  })
})

describe('an event that is looked for in the log', () => {
  it.each(eventKinds)('is found, when it tells of coming or going, among those of its kind: %s', (kind) => {
    const [event] = eventsOf([['a', kind]])
    if (!event) return
    expect(arrivingKinds.includes(kind)).toBe(isArrival(event))
    expect(turnKinds.includes(kind)).toBe(isArrival(event) || isDeparture(event))
  })
})

describe('an account that has come', () => {
  const departures: readonly EventKind[] = [removed, 'CLIENT_WABA_APP_UNINSTALLED']
  const isHereAfter = (kind: EventKind): boolean =>
    arrivalIn(
      eventsOf([
        ['a', added],
        ['a', kind, 90],
      ]),
    ) !== null

  it.each(departures)('is gone after %s', (kind) => expect(isHereAfter(kind)).toBe(false))

  it.each(eventKinds.filter((kind) => !departures.includes(kind)))('stays after %s', (kind) =>
    expect(isHereAfter(kind)).toBe(true),
  )
})
