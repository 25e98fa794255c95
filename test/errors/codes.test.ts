import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGateway, type Gateway } from '../../src/gateway.ts'
import type { AppConfig } from '../../src/config/config.ts'
import { postWebhook } from '../support/signed-webhook.ts'
import { graphql } from '../support/graphql.ts'
import { startWorld, luckyShrub, type Customer, type World } from '../onboarding/support/world.ts'
import { bodyOf, codeRows, nameOf, type Row } from './support/code-rows.ts'

let world: World
let customer: Customer
let app: AppConfig
let arrival: object
beforeAll(async () => {
  world = await startWorld()
  customer = await world.arrive()
  app = world.gateway.config.apps.find(({ appId }) => appId === luckyShrub) as AppConfig
  const { waba_id, business_id: owner_business_id } = customer
  arrival = { waba_id, owner_business_id, solution_id: world.solutionId }
})
afterAll(() => world.close())

/** A gateway of its own for each row: after some answers a gateway sends nothing more for a while. */
async function withGateway(work: (gateway: Gateway) => Promise<void>): Promise<void> {
  const gateway = await startGateway({ ...world.gateway.config, databaseUrl: 'file::memory:' })
  try {
    await postWebhook(gateway.url, app, 'account_update', { event: 'PARTNER_ADDED', waba_info: arrival })
    await work(gateway)
  } finally {
    await world.simulator.faults()
    // The account may be asked 200 times an hour.
    await world.simulator.play('clock', { advanceMs: 60_000 })
    await gateway.close()
  }
}

const fault = (row: Row, method: string, path: string) =>
  world.simulator.faults({ kind: 'error', method, path: `^/${path}$`, status: row.status, body: bodyOf(row) })

const told = `__typename ... on Problem { code message retryable retryAfterSeconds waitsFor graphCode graphSubcode fbtraceId }
  ... on GraphApiProblem { details userTitle userMessage }`

const names = { graphSubcode: null, fbtraceId: 'AInventedTrace01' }
const words = {
  details: 'What was wrong with it',
  userTitle: 'A title for people',
  userMessage: 'A sentence for people.',
}

describe.each(codeRows.map((row) => [nameOf(row), row] as const))('code %s', (_, row) => {
  const { code: graphCode, subcode: graphSubcode = null, problem: code, retryable } = row
  // Of these Graph does not say that nothing was done.
  const leavesOpen = [1, 2, 131000, 131016, 133004].includes(row.code)

  it('answers a change with a problem', () =>
    withGateway(async (gateway) => {
      await fault(row, 'POST', `${customer.waba_id}/subscribed_apps`)
      const query = `mutation ($w: ID!, $a: ID!) { subscribeAppToWaba(input: { wabaId: $w, appId: $a }) { ${told} } }`
      const { data } = await graphql(gateway.url, query, { w: customer.waba_id, a: luckyShrub })
      const answer = data?.['subscribeAppToWaba']
      if (leavesOpen)
        return expect(answer).toMatchObject({
          __typename: 'GatewayProblem',
          code: 'OUTCOME_UNKNOWN',
          ...names,
          graphCode,
          graphSubcode,
        })
      expect(answer).toEqual({
        __typename: 'GraphApiProblem',
        code,
        message: expect.stringContaining(row.text) as string,
        retryable,
        retryAfterSeconds:
          row.seconds ??
          (expect.toSatisfy((seconds) => seconds === null || row.kind === 'throttled') as null),
        waitsFor: row.waitsFor,
        ...names,
        graphCode,
        graphSubcode,
        ...words,
      })
    }))

  it('answers a query with an error that says the same', () =>
    withGateway(async (gateway) => {
      await fault(row, 'GET', luckyShrub)
      const { errors = [] } = await graphql(gateway.url, '{ app(id: "21202248997039") { name } }')
      expect(errors[0]?.message).toContain(row.text)
      expect(errors[0]?.extensions).toMatchObject({
        code,
        retryable,
        graphCode,
        ...(graphSubcode !== null && { graphSubcode }),
        ...(row.withOurs !== null && { waitsFor: row.withOurs }),
        ...(row.seconds !== null && { retryAfterSeconds: row.seconds }),
        ...words,
      })
    }))
})

describe('a code that nobody knows', () => {
  const strange = fc.oneof(
    fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
    fc.double(),
    fc.string(),
    fc.constant(null),
    fc.constant({ a: [] }),
  )
  const known = new Set(codeRows.flatMap(({ code, subcode }) => [code, subcode]))
  const isKnown = (code: number): boolean =>
    known.has(code) || (code >= 200 && code < 300) || (code >= 132_000 && code < 132_070)
  const unknown = strange.filter((value) => typeof value === 'object' || !isKnown(Number(value)))

  it('is a problem of a change and an error of a query, by status and hint, and never a fault of ours', async () => {
    const statuses = fc.constantFrom(200, 400, 401, 403, 404, 429, 500, 503)
    await fc.assert(
      fc.asyncProperty(
        unknown,
        unknown,
        statuses,
        fc.boolean(),
        async (code, error_subcode, status, is_transient) =>
          withGateway(async (gateway) => {
            const body = {
              error: { message: 'Nobody knows', code, error_subcode, is_transient, error_data: code },
            }
            const path = `^/(?:${luckyShrub}|${customer.waba_id}/subscribed_apps)$`
            await world.simulator.faults(
              { kind: 'error', method: 'GET', path: `^/${luckyShrub}$`, status, body },
              { kind: 'error', method: 'POST', path, status, body },
            )
            const query = '{ app(id: "21202248997039") { name } }'
            const { errors = [] } = await graphql(gateway.url, query)
            expect(errors[0]?.extensions?.['code']).toBe(byStatus(status, is_transient))
            const change = `mutation ($w: ID!, $a: ID!) { subscribeAppToWaba(input: { wabaId: $w, appId: $a }) { ${told} } }`
            const answer = await graphql(gateway.url, change, { w: customer.waba_id, a: luckyShrub })
            expect(answer.errors).toBeUndefined()
            expect(answer.data?.['subscribeAppToWaba']).toMatchObject({ code: expect.any(String) as string })
          }),
      ),
      { numRuns: 30 },
    )
  })
})

function byStatus(status: number, isTransient: boolean): string {
  if (status >= 500) return 'UPSTREAM_UNAVAILABLE'
  if (status === 429) return 'RATE_LIMITED'
  if (status === 401) return 'TOKEN_INVALID'
  if (status === 403) return 'NOT_PERMITTED'
  if (status === 404) return 'NOT_FOUND'
  return isTransient ? 'UPSTREAM_UNAVAILABLE' : 'UPSTREAM_REFUSED'
}
