import { expect, it } from 'vitest'
import { problemCodes } from '../src/errors.ts'
import { remedyFor } from '../src/remedy.ts'

it.each<[string, number | null, string | null]>([
  ['RATE_LIMITED', 80008, 'META'],
  ['RATE_LIMITED', null, 'META'],
  ['NOT_PERMITTED', 200, 'US'],
  ['NOT_PERMITTED', 131031, 'CUSTOMER'],
  ['UPSTREAM_REFUSED', 133005, 'CUSTOMER'],
  ['UPSTREAM_REFUSED', 131042, 'US'],
  ['UPSTREAM_UNAVAILABLE', 131057, 'META'],
  ['WRONG_STATE', null, 'US'],
])('%s with Graph code %s waits for %s', (code, graphCode, party) => {
  const known = problemCodes.find((one) => one === code) ?? 'INVALID_INPUT'
  expect(remedyFor(known, graphCode).waitsFor).toBe(party)
})

it('sends whoever reads a code of WhatsApp to the page that lists them, and others to Graph’s', () => {
  expect(remedyFor('UPSTREAM_REFUSED', 133005).help).toMatch(/whatsapp\/support\/error-codes$/)
  expect(remedyFor('UPSTREAM_REFUSED', 100).help).toMatch(/graph-api\/guides\/error-handling$/)
  expect(remedyFor('RATE_LIMITED', 80008).help).toMatch(/rate-limiting$/)
})

it('believes a problem that says itself whose turn it is, and where to read about it', () => {
  expect(remedyFor('NOT_PERMITTED', null, { waitsFor: 'PARTNER', help: 'solutions' })).toEqual({
    waitsFor: 'PARTNER',
    help: expect.stringMatching(/multi-partner-solutions$/) as string,
  })
  expect(remedyFor('WRONG_STATE', null, { waitsFor: null })).toEqual({ waitsFor: null, help: null })
})

it('has a number that is locked out wait for Meta, and explains registration', () => {
  expect(remedyFor('RATE_LIMITED', 133016)).toEqual({
    waitsFor: 'META',
    help: expect.stringMatching(/registration$/) as string,
  })
})

it.each(problemCodes)('gives a page of Meta’s or none for %s', (code) => {
  for (const graphCode of [null, 1, 100, 200, 80008, 133010])
    expect(remedyFor(code, graphCode).help ?? 'https://developers.facebook.com/').toMatch(
      /^https:\/\/developers\.facebook\.com\//,
    )
})
