import { describe, expect, it, onTestFinished } from 'vitest'
import { startVictim } from '../../nemesis/writes/victim.ts'
import { openStore } from '../../src/events/store.ts'
import { anEvent } from '../events/support/events.ts'
import { until } from '../support/until.ts'
import { Play, creditLine, luckyShrub, type Json } from './support/play.ts'

/** A customer whose account can take the line, and the victim that is asked to share it. */
async function begin(): Promise<{ play: Play; input: Json; kill: () => Promise<void> }> {
  const play = await Play.begin()
  onTestFinished(() => play.close())
  const { waba_id: wabaId } = await play.customer(await play.solution('Together'))
  const input = { wabaId, appId: luckyShrub, currency: 'USD', addSystemUser: true }
  await play.closeGateways()
  const victim = await startVictim(play)
  play.urls.push(victim.url)
  return { play, input, kill: victim.kill }
}

interface Told {
  readonly kind: string
  readonly wabaId: string | null
  readonly allocationId: string | null
  readonly write: { readonly outcome: string; readonly graphTraceId: string | null }
}

async function shared(play: Play): Promise<readonly Told[]> {
  const { events } = (await play.ask(
    `{ events(first: 100, filter: { kinds: [CREDIT_SHARED] }) { edges { node {
      kind write { outcome graphTraceId } ... on CreditEvent { wabaId allocationId } } } } }`,
  )) as { events: { edges: { node: Told }[] } }
  return events.edges.map(({ node }) => node)
}

describe.each([['with a key', 'the key'] as const, ['without a key', null] as const])(
  'a write %s that Graph has done when its gateway is killed',
  (_, idempotencyKey) => {
    /** Killed when Graph has answered, and before what it has done is read back. */
    async function killed() {
      const { play, input, kill } = await begin()
      const wish = idempotencyKey === null ? input : { ...input, idempotencyKey }
      await play.control.faults({ method: 'GET', path: '^/5800', kind: 'hang' })
      const answer = play.mutate('shareCreditLine', wish).catch(() => 'broken')
      const reads = async (): Promise<number> => {
        const { byRoute } = await play.control.requests()
        return byRoute['GET /{allocation}'] ?? 0
      }
      await until(async () => (await reads()) > 0)
      await kill()
      expect(await answer).toBe('broken')
      await play.control.faults()
      play.urls.length = 0
      return { play, wish }
    }

    it('is told of by the next one that starts, once, with what Graph answered', async () => {
      const { play, wish } = await killed()
      play.aheadMs = 61_000
      await play.addGateway()
      await until(async () => (await shared(play)).length > 0)
      const [allocation] = play.sim.state().allocations
      const told = {
        allocationId: allocation?.id,
        wabaId: wish['wabaId'],
        write: { outcome: 'DONE', graphTraceId: expect.stringMatching(/./) as string },
      }
      expect(await shared(play)).toMatchObject([told])
      expect(await play.mutate('shareCreditLine', wish)).toMatchObject({
        creditAllocation: { allocationId: allocation?.id },
      })
      await play.closeGateways()
      await play.addGateway()
      expect(await shared(play)).toMatchObject([told])
    })
  },
)

describe('a sharing of credit that Graph has done', () => {
  it('is kept by whoever tells of it, when its gateway was killed before it could', async () => {
    const play = await Play.begin()
    onTestFinished(() => play.close())
    await play.closeGateways()
    const store = await openStore(play.config.databaseUrl, { clock: () => 1000 })
    onTestFinished(() => store.close())
    const left = async (verb: string, outcome: string, allocationId: string): Promise<void> => {
      const id = { appId: luckyShrub, verb, key: `key ${allocationId}` }
      const after = { allocationId, creditLineId: creditLine }
      const event = anEvent({
        appId: luckyShrub,
        source: 'GATEWAY',
        dedupeKey: allocationId,
        field: verb,
        wabaId: '7',
        ownerBusinessId: '8',
        payload: JSON.stringify({ actor: 'OPERATOR', outcome, after }),
      })
      await store.writes.begin(id, '')
      const { token = '' } = (await store.writes.get(id)) ?? {}
      await store.writes.settle(id, token, 'done', '{}', JSON.stringify([event]))
    }
    await left('share_credit_line', 'DONE', '51')
    await left('share_credit_line_with_business', 'DONE', '52')
    await left('share_credit_line', 'UNKNOWN', '53')
    await left('revoke_credit_allocation', 'DONE', '54')
    await play.addGateway()
    await until(async () => (await store.writes.unpublished(-1, 10)).length === 0)
    const kept = await store.sharings.find({ wabaId: '7' }, [luckyShrub])
    const of = { wabaId: '7', businessId: '8', creditLineId: creditLine }
    expect(kept.toSorted((a, b) => Number(a.allocationId) - Number(b.allocationId))).toMatchObject([
      { ...of, allocationId: '51', attached: true },
      { ...of, allocationId: '52', attached: false },
    ])
  })
})
