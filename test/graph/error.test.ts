import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codeTable } from '../../src/graph/code-table.ts'
import { readEnvelope } from '../../src/graph/answer.ts'
import type { GraphError } from '../../src/graph/error.ts'
import { bodyOf, codeRows, nameOf } from '../errors/support/code-rows.ts'

const read = (body: unknown, httpStatus = 400): GraphError => {
  const error = readEnvelope(body, { httpStatus, headers: {}, secrets: [] })
  if (!error) throw new Error('this is no error')
  return error
}

describe('the kind of an error', () => {
  test.each(codeRows.map((row) => [nameOf(row), row] as const))(
    '%s is what the table says, whatever status and hint say',
    (_, row) => {
      for (const status of [200, 400, 401, 404, 429, 500, 503])
        expect(read(bodyOf(row), status)).toMatchObject({ kind: row.kind, transient: row.retryable })
    },
  )

  test('every code of the table has a row here', () => {
    const shown = (named: number | readonly [number, number], subcode: number | undefined): boolean =>
      codeRows.some(
        (row) =>
          row.subcode === subcode &&
          [named].flat().every((code) => codeRows.some((one) => one.code === code)) &&
          [named].flat().includes(row.code),
      )
    const missing = codeTable.filter(({ code, subcode }) => !shown(code, subcode))
    expect(missing).toEqual([])
  })

  test.each([
    [500, false, 'unavailable'],
    [503, false, 'unavailable'],
    [429, false, 'throttled'],
    [401, false, 'token'],
    [403, false, 'permission'],
    [404, false, 'not-found'],
    [400, false, 'invalid'],
    [400, true, 'unavailable'],
    [200, false, 'invalid'],
  ] as const)('an unknown code with HTTP %i and is_transient %s is %s', (status, is_transient, kind) => {
    expect(read({ error: { code: 987654, is_transient } }, status).kind).toBe(kind)
    expect(read({ error: { is_transient } }, status).kind).toBe(kind)
  })

  test('a code that is in no table never crashes, and is judged by status and hint', () => {
    const known = new Set(codeRows.flatMap(({ code, subcode }) => [code, subcode]))
    const isKnown = (value: unknown): boolean => {
      const code = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN
      return known.has(code) || (code >= 200 && code < 300) || (code >= 132_000 && code < 132_070)
    }
    const strange = fc.oneof(fc.integer(), fc.double(), fc.bigInt().map(String), fc.jsonValue(), fc.string())
    const number = strange.filter((value) => !isKnown(value))
    const statuses = fc.constantFrom(200, 302, 400, 401, 403, 404, 418, 429, 500, 502, 599)
    fc.assert(
      fc.property(
        number,
        number,
        statuses,
        fc.boolean(),
        fc.jsonValue(),
        (code, subcode, status, hint, any) => {
          const error = {
            code,
            error_subcode: subcode,
            is_transient: hint,
            message: any,
            error_data: any,
            fbtrace_id: any,
          }
          const judged = read({ error }, status)
          expect(judged.kind).toBe(read({ error: { is_transient: hint } }, status).kind)
          for (const shown of [judged.code, judged.subcode])
            if (shown !== undefined) expect(Math.abs(shown)).toBeLessThan(2 ** 31)
        },
      ),
      { numRuns: 2000 },
    )
  })
})

test.each([
  [{ messaging_product: 'whatsapp', details: 'Wait.' }, 'Wait.'],
  ['Wait.', 'Wait.'],
  [{ blame_field_specs: [['pin']] }, undefined],
  [{ details: { text: 'Wait.' } }, undefined],
  [null, undefined],
])('error_data %j has %j in it', (error_data, details) => {
  expect(read({ error: { code: 133009, error_data } }).details).toBe(details)
})
