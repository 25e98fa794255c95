import * as sdk from 'facebook-nodejs-business-sdk'
import { onTestFinished } from 'vitest'

import type { Seed } from '../../../../src/simulator/simulator.ts'
import { type Play, play } from '../../support/world.ts'

/** The routes that the SDK has called since they were cleared, as the simulator names them. */
export const called = new Set<string>()

/**
 * The SDK keeps Graph's address and version in static getters and has no option for either. Getters of ours over them are
 * the least that sends it to another address; everything else is the SDK as it is published.
 */
function point(name: 'GRAPH' | 'VERSION', value: string): void {
  Object.defineProperty(sdk.FacebookAdsApi, name, { configurable: true, get: () => value })
}

const published = sdk.FacebookAdsApi.VERSION

/** The simulator, with Meta's SDK sent to it. */
export async function meta(seed: Seed = {}, version = published): Promise<Meta> {
  const game = await play(seed)
  onTestFinished(async () => {
    const { byRoute } = (await game.control('GET', 'requests')).body as { byRoute: Record<string, number> }
    for (const route of Object.keys(byRoute)) called.add(route)
  })
  point('GRAPH', game.sim.url)
  point('VERSION', version)
  const as = (token: string): sdk.FacebookAdsApi => new sdk.FacebookAdsApi(token, 'en_US', false)
  return {
    ...game,
    as,
    app: (id, token) => new sdk.Application(id, {}, undefined, as(token)),
    business: (id, token) => new sdk.Business(id, {}, undefined, as(token)),
    waba: (id, token) => new sdk.WhatsAppBusinessAccount(id, {}, undefined, as(token)),
    line: (id, token) => new sdk.ExtendedCredit(id, {}, undefined, as(token)),
    allocation: (id, token) => new sdk.ExtendedCreditAllocationConfig(id, {}, undefined, as(token)),
  }
}

interface Meta extends Play {
  readonly as: (token: string) => sdk.FacebookAdsApi
  readonly app: (id: string, token: string) => sdk.Application
  readonly business: (id: string, token: string) => sdk.Business
  readonly waba: (id: string, token: string) => sdk.WhatsAppBusinessAccount
  readonly line: (id: string, token: string) => sdk.ExtendedCredit
  readonly allocation: (id: string, token: string) => sdk.ExtendedCreditAllocationConfig
}

/** What an object or the rows of a list hold, without the SDK's own properties. */
export const dataOf = (node: object): Record<string, unknown> =>
  (node as { _data: Record<string, unknown> })._data
export const rowsOf = (cursor: ArrayLike<object>): Record<string, unknown>[] => Array.from(cursor, dataOf)

/** The SDK's own way with files sends an empty body: a form in place of the parameters goes through as it is. */
export function papersOf(business: string): Record<string, unknown> {
  const form = new FormData()
  form.set('end_business_id', business)
  form.append('business_documents[]', new Blob(['%PDF-1.7'], { type: 'application/pdf' }), 'papers.pdf')
  return form as unknown as Record<string, unknown>
}
