import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { emptyDatabase, query } from '../support/postgres.ts'
import { until } from '../support/until.ts'
import { Play, luckyShrub, type Customer, type Json } from '../writes/support/play.ts'

const done = { __typename: 'BusinessVerificationPayload' }

describe('a document, with two instances on one store', () => {
  let play: Play
  afterEach(() => play.close())

  const begin = async (databaseUrl: string, encryptionKeys: readonly string[]): Promise<void> => {
    play = await Play.begin({ databaseUrl, overrides: { encryptionKeys } })
    await play.addGateway()
  }
  const signUp = (): Promise<Customer> => play.control.play<Customer>('onboard', { app_id: luckyShrub })
  const submit = (businessId: string, documentIds: readonly string[], instance: number): Promise<Json> =>
    play.mutate('submitBusinessVerification', { appId: luckyShrub, businessId, documentIds }, instance)

  it('that one has taken the other submits, twelve times of twelve, and then no instance has it', async () => {
    const databaseUrl = await emptyDatabase()
    await begin(databaseUrl, [randomBytes(32).toString('base64')])
    for (let time = 0; time < 12; time++) {
      const { business_id: businessId } = await signUp()
      const documentId = await play.upload(time % 2)
      expect(await submit(businessId, [documentId], (time + 1) % 2)).toMatchObject(done)
    }
    expect(play.sim.state().submissions).toHaveLength(12)
    expect(await query(databaseUrl, 'SELECT id FROM documents')).toEqual([])
  })

  it('outlives the instance that took it', async () => {
    await begin(await emptyDatabase(), [randomBytes(32).toString('base64')])
    const [{ business_id: businessId }, documentId] = [await signUp(), await play.upload(0)]
    await play.closeGateway(0)
    expect(await submit(businessId, [documentId], 0)).toMatchObject(done)
  })

  it('is not taken once its ten minutes are over by the clock of the store', async () => {
    const databaseUrl = await emptyDatabase()
    await begin(databaseUrl, [randomBytes(32).toString('base64')])
    const [{ business_id: businessId }, documentId] = [await signUp(), await play.upload(0)]
    await query(databaseUrl, 'UPDATE documents SET ends_at = ends_at - 600000')
    expect(await submit(businessId, [documentId], 0)).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('ten minutes') as string,
    })
    // Each instance looks when it starts, and then each minute.
    await play.addGateway()
    await until(async () => (await query(databaseUrl, 'SELECT id FROM documents')).length === 0)
  })

  it('is with the one that took it alone where there is no key, and the other says what to do', async () => {
    await begin(await emptyDatabase(), [])
    const [{ business_id: businessId }, documentId] = [await signUp(), await play.upload(0)]
    expect(await submit(businessId, [documentId], 1)).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('TOKEN_ENCRYPTION_KEY') as string,
    })
    expect(await submit(businessId, [documentId], 0)).toMatchObject(done)
  })
})
