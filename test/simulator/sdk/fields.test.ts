import * as sdk from 'facebook-nodejs-business-sdk'
import { describe, expect, it } from 'vitest'

import { customerOf, line, luckyBusiness, shared } from '../support/credit.ts'
import { lucky } from '../support/world.ts'
import { dataOf, meta, papersOf } from './support/sdk.ts'

type Stage = Awaited<ReturnType<typeof stage>>
type Read = (stage: Stage, fields: string[]) => Promise<Record<string, unknown> | undefined>

const stage = async () => {
  const game = await meta({ solutions: 1, wabas: 1 })
  const customer = customerOf(game)
  return { ...game, customer, record: await shared(game, customer) }
}

const first = (rows: ArrayLike<object>): Record<string, unknown> | undefined => rows[0] && dataOf(rows[0])

/** Each node of Meta's SDK that is in scope, and how it comes to be read. */
const nodes: [name: string, fields: Readonly<Record<string, string>>, read: Read][] = [
  [
    'WhatsAppBusinessAccount',
    sdk.WhatsAppBusinessAccount.Fields,
    async ({ waba, customer }, fields) => dataOf(await waba(customer.waba, customer.token).get(fields)),
  ],
  [
    'Business',
    sdk.Business.Fields,
    async ({ business, customer }, fields) =>
      dataOf(await business(customer.business, customer.token).get(fields)),
  ],
  [
    'ExtendedCredit',
    sdk.ExtendedCredit.Fields,
    async ({ line: lineOf, system }, fields) => dataOf(await lineOf(line, system(lucky)).read(fields)),
  ],
  [
    'ExtendedCreditAllocationConfig',
    sdk.ExtendedCreditAllocationConfig.Fields,
    async ({ allocation, system, record }, fields) =>
      dataOf(await allocation(record, system(lucky)).get(fields)),
  ],
  [
    'AssignedUser',
    sdk.AssignedUser.Fields,
    async ({ waba, system, customer }, fields) =>
      first(await waba(customer.waba, system(lucky)).getAssignedUsers(fields, { business: luckyBusiness })),
  ],
  [
    'WhatsAppBusinessPartnerClientVerificationSubmission',
    sdk.WhatsAppBusinessPartnerClientVerificationSubmission.Fields,
    async (game, fields) => {
      const ours = game.business(luckyBusiness, game.system(lucky))
      await ours.createSelfCertifyWhatsAppBusiness([], papersOf(game.customer.business))
      await game.control('POST', 'verify', { business_id: game.customer.business, status: 'FAILED' })
      return first(await ours.getSelfCertifiedWhatsAppBusinessSubmissions(fields))
    },
  ],
  [
    'SystemUser',
    sdk.SystemUser.Fields,
    async ({ business, system }, fields) =>
      first(await business(luckyBusiness, system(lucky)).getSystemUsers(fields)),
  ],
]

describe("the fields that Meta's SDK knows", () => {
  it.each(nodes)('are all there of %s', async (_name, known, read) => {
    const game = await stage()
    const fields = Object.values(known)
    const answer = await read(game, fields)
    expect(answer).toMatchObject({ id: expect.stringMatching(/^\d+$/) })
    expect(fields).toEqual(expect.arrayContaining(Object.keys(answer ?? {})))
  })
})
