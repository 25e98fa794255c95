import { describe, expect, it } from 'vitest'
import { gatewayProblem, problemCodes, type Problem, remedyOf } from '../../src/errors/problem.ts'
import { readEnvelope } from '../../src/graph/answer.ts'
import { GraphError, type GraphErrorDetails } from '../../src/graph/error.ts'
import { toProblem } from '../../src/problems.ts'
import { bodyOf, codeRows, nameOf, type Row } from './support/code-rows.ts'

const errorOf = (body: object, httpStatus: number): GraphError =>
  readEnvelope(body, { httpStatus, headers: {}, secrets: [] }) as GraphError

function refusal(row: Row, tokenKind: GraphErrorDetails['tokenKind']): Problem {
  const error = errorOf(bodyOf(row), row.status)
  error.tokenKind = tokenKind
  return toProblem(error)
}

describe.each(codeRows.map((row) => [nameOf(row), row] as const))('code %s', (_, row) => {
  it('is told as what it is, with all that Graph says of it', () => {
    const { code, subcode = null, problem, retryable, seconds } = row
    expect(refusal(row, 'business')).toMatchObject({
      code: problem,
      retryable,
      retryAfterSeconds: seconds,
      graphCode: code,
      graphSubcode: subcode,
      fbtraceId: 'AInventedTrace01',
      userTitle: 'A title for people',
      userMessage: 'A sentence for people.',
      details: 'What was wrong with it',
    })
  })

  it('waits for who can do something, by whose token it was', () => {
    expect(remedyOf(refusal(row, 'business')).waitsFor).toBe(row.waitsFor)
    expect(remedyOf(refusal(row, 'none')).waitsFor).toBe(row.waitsFor)
    for (const kind of ['system', 'app'] as const)
      expect(remedyOf(refusal(row, kind)).waitsFor).toBe(row.withOurs)
  })

  it('has a page of Meta’s', () => {
    expect(remedyOf(refusal(row, 'business')).help ?? meta).toMatch(new RegExp(`^${meta}`))
  })
})

const meta = 'https://developers.facebook.com/'

const helpOf = (code: number, subcode?: number): string | null =>
  remedyOf(toProblem(errorOf({ error: { code, error_subcode: subcode } }, 400))).help

it('sends whoever reads a code of WhatsApp to the page that lists them, and others to Graph’s', () => {
  expect(helpOf(133005)).toMatch(/whatsapp\/support\/error-codes$/)
  expect(helpOf(139999)).toMatch(/whatsapp\/support\/error-codes$/)
  expect(helpOf(100)).toMatch(/graph-api\/guides\/error-handling$/)
  expect(helpOf(987)).toMatch(/graph-api\/guides\/error-handling$/)
  expect(helpOf(80008)).toMatch(/rate-limiting$/)
  expect(helpOf(2635)).toMatch(/versioning$/)
  expect(helpOf(100, 36008)).toMatch(/embedded-signup/)
  expect(helpOf(133016)).toMatch(/registration$/)
})

it('says what to do, behind Meta’s own words', () => {
  const messageOf = (code: number, subcode?: number): string =>
    toProblem(errorOf({ error: { code, error_subcode: subcode, message: 'Meta says so' } }, 400)).message
  expect(messageOf(2635)).toMatch(/\(code 2635\): Meta says so\. GRAPH_API_VERSION /)
  expect(messageOf(100, 36008)).toMatch(/\(code 100, subcode 36008\): Meta says so\..*`redirectUri`/)
  expect(messageOf(100, 36007)).toMatch(/customer signs up once more/)
  expect(messageOf(133006)).toMatch(/Request a new code/)
  expect(messageOf(987654)).toBe('Graph refused the request (code 987654): Meta says so')
})

it('has a token that Graph no longer takes wait for whoever it is of, also without a code', () => {
  const turn = (tokenKind?: GraphErrorDetails['tokenKind']) =>
    remedyOf(toProblem(new GraphError('token', 'no', { tokenKind }))).waitsFor
  expect([turn('business'), turn('system'), turn()]).toEqual(['CUSTOMER', 'US', 'US'])
  // Of somebody who has logged in for a Tech Provider.
  expect(turn('user')).toBe('PARTNER')
})

it('believes a problem that says itself whose turn it is, and where to read about it', () => {
  const told = gatewayProblem('NOT_PERMITTED', 'no', false, { waitsFor: 'PARTNER', help: 'solutions' })
  expect(remedyOf(told)).toEqual({
    waitsFor: 'PARTNER',
    help: expect.stringMatching(/multi-partner-solutions$/) as string,
  })
  const nobody = gatewayProblem('WRONG_STATE', 'no', false, { waitsFor: null })
  expect(remedyOf(nobody)).toEqual({ waitsFor: null, help: null })
})

it.each(problemCodes)('has somebody’s turn for %s, and a page of Meta’s or none', (code) => {
  const { waitsFor, help } = remedyOf(gatewayProblem(code, 'no'))
  expect(waitsFor).toMatch(/^(?:US|META)$/)
  expect(help ?? meta).toMatch(new RegExp(`^${meta}`))
})
