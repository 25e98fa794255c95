import { expect, it } from 'vitest'
import { readNote } from '../../src/onboarding/rule/note.ts'
import { anEvent } from '../events/support/events.ts'

const note = {
  arrival: 7,
  state: 'WAITING',
  since: 1,
  mayPass: true,
  notBefore: null,
  hindrances: [] as object[],
}
const read = (changes: object) => {
  const payload = JSON.stringify({ ...note, ...changes })
  return readNote({ ...anEvent({ source: 'GATEWAY', field: 'auto_onboard', wabaId: '1', payload }), seq: 9 })
}
const hindrance = { kind: 'CREDIT_SHARED', waitsFor: 'US', reason: 'No line.' }

it('a note of the rule is read as it was written', () => {
  expect(read({ hindrances: [hindrance] })).toMatchObject({ ...note, hindrances: [hindrance] })
})

it('a note of a newer release leaves the account to that one, without what only that one knows', () => {
  const hindrances = [hindrance, { ...hindrance, kind: 'A_NEW_STEP' }, { ...hindrance, waitsFor: 'A_BANK' }]
  expect(read({ state: 'POSTPONED', hindrances, more: 1 })).toMatchObject({
    arrival: 7,
    state: 'LEFT_ALONE',
    hindrances: [hindrance, { ...hindrance, waitsFor: null }],
  })
})
