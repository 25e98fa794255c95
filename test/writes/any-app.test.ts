import { describe, expect, it, onTestFinished } from 'vitest'
import { emptyDatabase } from '../support/postgres.ts'
import { Play, luckyShrub, socialOverdrive, type Customer } from './support/play.ts'

async function begin(databaseUrl?: string): Promise<{ play: Play; customer: Customer }> {
  const play = await Play.begin(databaseUrl === undefined ? {} : { databaseUrl })
  onTestFinished(() => play.close())
  const customer = await play.customer(await play.solution('Together'))
  await play.control.forgetRequests()
  return { play, customer }
}

const late = (path: string) => ({ method: 'POST', path, kind: 'latency', ms: 300 })

describe('what comes to the same whichever app does it', () => {
  it.each([1, 2])('is sent once when two apps ask at once, at %i gateways', async (gateways) => {
    const { play, customer } = await begin(gateways === 2 ? await emptyDatabase() : undefined)
    if (gateways === 2) await play.addGateway()
    await play.control.faults(late('/register'))
    const input = { wabaId: customer.waba_id, phoneNumberId: customer.phone_number_ids[0], pin: '271828' }
    const both = await Promise.all([
      play.mutate('registerPhoneNumber', { ...input, appId: luckyShrub }, 0),
      play.mutate('registerPhoneNumber', { ...input, appId: socialOverdrive }, gateways - 1),
    ])
    expect(both).toEqual([{ __typename: 'PhoneNumberPayload' }, { __typename: 'PhoneNumberPayload' }])
    expect((await play.writes())['POST /{phone}/register']).toBe(1)
  })

  it('adds the tasks of a user and those that credit takes one after the other', async () => {
    const { play, customer } = await begin()
    await play.control.faults(late('/assigned_users'))
    const input = { wabaId: customer.waba_id, appId: luckyShrub }
    const both = await Promise.all([
      play.mutate('assignUserToWaba', { ...input, tasks: ['VIEW_COST'] }),
      play.mutate('shareCreditLine', { ...input, currency: 'USD', addSystemUser: true }),
    ])
    expect(both).toMatchObject([{ __typename: 'WabaUserPayload' }, { __typename: 'ShareCreditLinePayload' }])
    const query = `query ($w: ID!) { clientWaba(id: $w) { assignedUsers { tasks } } }`
    const { clientWaba } = (await play.ask(query, { w: customer.waba_id })) as {
      clientWaba: { assignedUsers: { tasks: string[] }[] }
    }
    // Whichever came first.
    const tasks = clientWaba.assignedUsers.flatMap((user) => user.tasks)
    expect(tasks.toSorted()).toEqual(['MANAGE', 'VIEW_COST'])
  })

  it('calls a number once, whatever the keys, at two gateways', async () => {
    const { play, customer } = await begin(await emptyDatabase())
    await play.addGateway()
    const account = { wabaId: customer.waba_id, appId: luckyShrub }
    await play.mutate('addPhoneNumber', {
      ...account,
      countryCode: '49',
      phoneNumber: '15123456789',
      verifiedName: 'Second',
    })
    const numbers = play.sim.state().accounts.find(({ id }) => id === customer.waba_id)?.phoneNumbers
    const phoneNumberId = numbers?.find(({ verification }) => verification !== 'VERIFIED')?.id
    await play.control.faults(late('/request_code'))
    const request = (idempotencyKey: string, instance: number) =>
      play.mutate(
        'requestPhoneNumberCode',
        { ...account, phoneNumberId, codeMethod: 'SMS', language: 'en_US', idempotencyKey },
        instance,
      )
    const both = await Promise.all([request('one', 0), request('two', 1)])
    expect(both.map(({ code }) => code ?? 'sent').sort()).toEqual(['RATE_LIMITED', 'sent'])
    expect((await play.writes())['POST /{phone}/request_code']).toBe(1)
  })
})
