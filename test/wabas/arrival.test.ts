import { describe, expect, it } from 'vitest'
import type { EventKind, EventSource, StoredEvent } from '../../src/events/event.ts'
import { isNewArrival } from '../../src/wabas/arrival.ts'

type Told = [app: string, kind: EventKind, minute?: number, solution?: string, source?: EventSource]

/** Which of a history's events are announced, by their place in it. */
function announced(history: readonly Told[]): number[] {
  const events = history.map(
    ([appId, kind, minute = 0, solutionId = '7', source = 'WEBHOOK'], seq) =>
      ({ seq, appId, kind, solutionId, source, occurredAt: minute * 60_000 }) as StoredEvent,
  )
  return events
    .filter(
      (event, index) =>
        event.kind.match(/ONBOARDED|_INSTALLED/) && isNewArrival(event, events.slice(0, index)),
    )
    .map(({ seq }) => seq)
}

const added = 'CLIENT_WABA_ONBOARDED'
const installed = 'CLIENT_WABA_APP_INSTALLED'
const removed = 'CLIENT_WABA_REMOVED'

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
