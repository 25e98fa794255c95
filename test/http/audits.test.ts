import { serverAudits, type AuditResult } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'

const apiKey = 'audit-key-0123456789'
let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway({ apiKey })
})
afterAll(() => gateway.close())

const fetchFn = (url: string, init: RequestInit = {}): Promise<Response> =>
  fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${apiKey}`, 'x-mps-csrf': '1' } })

const audits = serverAudits({ url: () => `${gateway.url}/graphql`, fetchFn })

describe('the audits of graphql-http', () => {
  it('are 61', () => {
    expect(audits).toHaveLength(61)
  })

  it.each(audits)('$id $name', async ({ fn }) => {
    const { status, reason } = (await fn()) as AuditResult & { reason?: string }
    expect({ status, reason }).toEqual({ status: 'ok' })
  })
})
