import { describe, expect, it } from 'vitest'
import type { AppConfig } from '../../src/config/config.ts'
import type { Ctx } from '../../src/context.ts'
import { tasksOf } from '../../src/system-users/assign-user.ts'
import type { Endpoint } from '../../src/graph/endpoint.ts'
import { listAll, type Page } from '../../src/graph/paging.ts'
import { lookAtNumber } from '../../src/phone-numbers/numbers.ts'
import { lookAtSubscription } from '../../src/accounts/subscription.ts'
import { usersOn } from '../../src/system-users/system-users.ts'
import { createdIn, findSolutionsLike } from '../../src/solutions/create.ts'
import { findInvitation } from '../../src/solutions/find-invitation.ts'
import { listActive } from '../../src/credit/lines.ts'

const app = { appId: '1', businessId: '9' } as AppConfig
const account = { app, wabaId: '5', customer: null, isOwn: false }

/** A Graph whose lists have so many pages; what is looked for stands on the last. */
function pagesOf(pages: number, last: object): Ctx {
  const call = async ({ query }: Endpoint<unknown>) => {
    const page = Number(query?.['after'] ?? 1)
    return page < pages
      ? {
          data: [{ id: `7${page}`, receiving_business: { id: '9' }, ...subscribedTo('7') }],
          after: String(page + 1),
        }
      : { data: [last], after: null }
  }
  return { actor: { apps: [app] }, graph: { call }, log: { readBefore: async () => [] } } as unknown as Ctx
}

const subscribedTo = (id: string) => ({ whatsapp_business_api_data: { id } })

const solution = {
  id: '8',
  name: 'New',
  status: 'INITIATED',
  owner_app: { id: '2' },
  partners: { data: [{ partner_app: { id: '2' } }], after: null },
}
const created = async (ctx: Ctx) =>
  createdIn(ctx, await findSolutionsLike(ctx, { app, name: 'New', partnerAppId: '2' }), {
    before: { ids: [], complete: true },
    startedAt: 0,
    publishedAs: 'gateway:ours:',
  })
const invited = (ctx: Ctx) => findInvitation(ctx, { app, name: 'New', ownerAppId: '2', messaging: 'PARTNER' })

describe('a list that goes on behind what is read of it', () => {
  it.each([
    ['a solution that was created', created],
    ['one that we are invited to', invited],
  ])('proves the absence of nothing: %s', async (_, find) => {
    expect(await find(pagesOf(20, solution))).toEqual({ createdId: '8' })
    expect(await find(pagesOf(20, { id: '8' }))).toBe('not-made')
    expect(await find(pagesOf(21, solution))).toBe('unknown')
  })

  it('says of two that were not there before that neither is known to be ours', async () => {
    const ctx = pagesOf(1, solution)
    const before = { before: { ids: ['7'], complete: true }, startedAt: 0, publishedAs: 'gateway:ours:' }
    const after = async (...ids: readonly string[]) => createdIn(ctx, { ids, complete: true }, before)
    expect(await after('7', '8', '9')).toBe('unknown')
    expect(await after('7', '8')).toEqual({ createdId: '8' })
  })

  it('knows of two that were not there before which one is ours by the event, whatever the record says', async () => {
    const keys: Readonly<Record<string, string>> = { '8': 'gateway:other:DONE:1', '9': 'gateway:ours:DONE:1' }
    const readBefore = async (_: number, { solutionId = '' }: { readonly solutionId?: string }) =>
      keys[solutionId] === undefined ? [] : [{ receivedAt: 1, dedupeKey: keys[solutionId] }]
    const ctx = { ...pagesOf(1, solution), log: { readBefore } } as unknown as Ctx
    const before = { before: { ids: ['7'], complete: true }, startedAt: 0, publishedAs: 'gateway:ours:' }
    const after = async (...ids: readonly string[]) => createdIn(ctx, { ids, complete: true }, before)
    expect(await after('7', '8', '9')).toEqual({ createdId: '9' })
    expect(await after('7', '9', '10')).toEqual({ createdId: '9' })
    expect(await after('7', '8')).toBe('not-made')
  })

  it('says of one that may have been there before that it is not known to be ours', async () => {
    const before = { before: { ids: [], complete: false }, startedAt: 0, publishedAs: 'gateway:ours:' }
    const outcome = (ids: readonly string[]) =>
      createdIn(pagesOf(1, solution), { ids, complete: true }, before)
    expect(await outcome(['8'])).toBe('unknown')
    expect(await outcome([])).toBe('not-made')
  })

  it('does not say that a user is not on the account, whose tasks would be lost', async () => {
    const user = { id: '8', tasks: ['DEVELOP'] }
    expect(await tasksOf(pagesOf(20, user), account, '8')).toEqual(['DEVELOP'])
    expect(await tasksOf(pagesOf(20, user), account, '4')).toBeNull()
    await expect(tasksOf(pagesOf(21, user), account, '8')).rejects.toThrow('more users')
  })

  it('does not say that a number is not of the account', async () => {
    const number = { id: '8', status: 'CONNECTED' }
    expect(await lookAtNumber(pagesOf(20, number), account, '8')).toMatchObject({ status: 'CONNECTED' })
    await expect(lookAtNumber(pagesOf(21, number), account, '8')).rejects.toThrow('more phone numbers')
  })

  it('does not say that an account has no more users, or gives no webhooks to our app', async () => {
    const reads = (pages: number, last: object) => {
      const { graph } = pagesOf(pages, last)
      return { graph, reads: graph } as unknown as Ctx
    }
    const user = { id: '8', tasks: ['DEVELOP'] }
    const users = await usersOn(reads(20, user), { app }, '5')
    expect(users.at(-1)).toEqual({ userId: '8', tasks: ['DEVELOP'] })
    expect(users).toHaveLength(20)
    await expect(usersOn(reads(21, user), { app }, '5')).rejects.toThrow('more users')
    const [first, row] = [subscribedTo('7'), subscribedTo(app.appId)]
    expect(await lookAtSubscription(reads(20, row), account)).toMatchObject({ subscribed: true })
    expect(await lookAtSubscription(reads(20, first), account)).toMatchObject({ subscribed: false })
    await expect(lookAtSubscription(reads(21, row), account)).rejects.toThrow('more apps')
  })

  it('does not say that nothing is shared with a business, where Graph lists those of others as well', async () => {
    const sharedWith = async (pages: number) => {
      const { graph } = pagesOf(pages, { id: '8', receiving_business: { id: '3' } })
      const page = async (_: string, asked: unknown, list: (fields: string) => Endpoint<Page<object>>) => ({
        page: await graph.call(list('id'), { app }),
        asked,
      })
      const { rows } = await listActive({ reads: { page } } as unknown as Ctx, app, '6', '3')
      return rows.map(({ id }) => id)
    }
    expect(await sharedWith(20)).toEqual(['8'])
    await expect(sharedWith(21)).rejects.toThrow('more businesses')
  })

  it('gives what was read, and says that there is more', async () => {
    const read = async (after = '1') => ({ data: [after], after: String(Number(after) + 1) })
    expect(await listAll(read, { pages: 3 })).toMatchObject({ rows: ['1', '2', '3'], complete: false })
  })
})
