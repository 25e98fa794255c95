import { pino } from 'pino'
import { expect, it } from 'vitest'
import type { Account } from '../../src/accounts/account.ts'
import type { Ctx } from '../../src/context.ts'
import { budgetOf, readRequests, sendCounted } from '../../src/phone-numbers/registration-budget.ts'
import { freshStore, storeKinds } from '../events/support/stores.ts'

it('a registration counts before it is sent, and no more when it never left', async () => {
  const { log } = await freshStore(storeKinds[0] as (typeof storeKinds)[number])
  const cost = { requests: 0, units: 0 }
  const app = { appId: '1' }
  const ctx = {
    log,
    cost,
    apps: [app],
    clock: () => 1_000_000,
    logger: pino({ level: 'silent' }),
  } as unknown as Ctx
  const account = { app, wabaId: '7', customer: null } as unknown as Account
  const used = async () => budgetOf(await readRequests(ctx), '5', 1_000_000).used
  const send = (work: () => Promise<void>) =>
    sendCounted(ctx, account, { phoneNumberId: '5', request: 'register' }, work)
  const refused = new Error('refused')

  const held = send(async () => {
    expect(await used()).toBe(1)
    throw refused
  })
  await expect(held).rejects.toBe(refused)
  expect(await used()).toBe(0)

  const left = send(async () => {
    cost.requests++
    throw refused
  })
  await expect(left).rejects.toBe(refused)
  expect(await used()).toBe(1)
})
