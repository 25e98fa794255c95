import { expect, it, onTestFinished } from 'vitest'
import { openStore } from '../../src/events/store.ts'
import { Play, creditLine, luckyShrub } from '../writes/support/play.ts'

it('a line that is shared with the owner and not attached is on record as not taken', async () => {
  const play = await Play.begin()
  onTestFinished(() => play.close())
  const { waba_id: wabaId, business_id: businessId } = await play.customer(await play.solution('Together'))
  const path = 'whatsapp_credit_attach'
  await play.control.faults({ method: 'POST', path, kind: 'error', status: 400, code: 100, times: 1 })
  const input = { wabaId, appId: luckyShrub, currency: 'USD', method: 'SHARE_THEN_ATTACH' }
  expect(await play.mutate('shareCreditLine', input)).toMatchObject({ code: 'UPSTREAM_REFUSED' })
  await play.closeGateways()
  const store = await openStore(play.config.databaseUrl)
  onTestFinished(() => store.close())
  expect(await store.sharings.find({ wabaId }, [luckyShrub])).toMatchObject([
    { businessId, creditLineId: creditLine, attached: false },
  ])
})
