import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { luckyShrub, Play, socialOverdrive, type Json } from '../writes/support/play.ts'

let play: Play

beforeEach(async () => {
  play = await Play.begin({ wired: true })
  // Three pages of them.
  await play.control.reset({ solutions: 250 })
})

afterEach(() => play.close())

const inputOf = (name: string): Json => ({
  appId: socialOverdrive,
  name,
  partnerAppId: luckyShrub,
  messaging: 'PARTNER',
  idempotencyKey: name,
})

const namesAtGraph = (): readonly string[] => play.sim.state().solutions.map(({ name }) => name)

/** Somebody who creates solutions past the gateway, until the signal ends. Each ends all cursors of the list. */
async function createAllTheTime(signal: AbortSignal): Promise<void> {
  const owner = play.config.apps.find(({ appId }) => appId === socialOverdrive)
  for (let count = 0; !signal.aborted; count++) {
    const answer = await fetch(`${play.sim.url}/${socialOverdrive}/whatsapp_business_solution`, {
      method: 'POST',
      headers: { authorization: `Bearer ${owner?.systemToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        solution_name: `Theirs ${count}`,
        partner_app_id: luckyShrub,
        owner_permissions: [],
        partner_permissions: ['MESSAGING'],
      }),
    })
    if (!answer.ok) throw new Error(await answer.text())
    await turn()
  }
}

describe('a solution beside more than a hundred others', () => {
  it('is created for each of many who ask at the same time', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `Mine ${index}`)
    const made = await Promise.all(names.map((name) => play.mutate('createSolution', inputOf(name))))
    expect(made.map(({ __typename }) => __typename)).toEqual(names.map(() => 'CreateSolutionPayload'))
    for (const name of names) expect(namesAtGraph().filter((other) => other === name)).toHaveLength(1)
  })

  it('is created while others never stop creating', async () => {
    const stop = new AbortController()
    const others = createAllTheTime(stop.signal)
    const made = await play.mutate('createSolution', inputOf('Mine'))
    stop.abort()
    await others
    expect(made).toMatchObject({ __typename: 'CreateSolutionPayload' })
    expect(namesAtGraph().filter((name) => name === 'Mine')).toHaveLength(1)
  })

  it('of a Tech Provider is created once, and not while a list that never rests may hold it', async () => {
    const { user_token: userAccessToken } = await play.control.play<{ user_token: string }>('login', {})
    const input = { appId: luckyShrub, name: 'Picked', userAccessToken, idempotencyKey: 'picked' }
    const ask = async () => {
      const { created } = await play.mutate('createSolutionsForTechProvider', input)
      return (created as readonly { accepted: boolean; problem: { code: string } | null }[]).at(0)
    }
    const stop = new AbortController()
    const others = createAllTheTime(stop.signal)
    const first = await ask()
    stop.abort()
    await others
    if (!first?.accepted) expect(first?.problem?.code).toBe('UPSTREAM_UNAVAILABLE')
    expect(await ask()).toMatchObject({ accepted: true, problem: null })
    expect(namesAtGraph().filter((name) => name === 'Picked')).toHaveLength(1)
  })
})
