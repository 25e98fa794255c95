import { afterEach, describe, expect, it } from 'vitest'
import { luckyShrub, socialOverdrive, startWorld, type World } from './support/world.ts'

describe('the limit of new customers in a week', () => {
  let world: World

  afterEach(() => world.close())

  const quota = async (appId: string): Promise<unknown> => {
    const query = 'query ($id: ID!) { app(id: $id) { onboardingQuota { limit limitSource used remaining } } }'
    const { app } = (await world.ask(query, { id: appId })) as { app: { onboardingQuota: unknown } }
    return app.onboardingQuota
  }

  it('is the one that is configured, of a Solution Partner as well', async () => {
    world = await startWorld({ onboardingWeeklyLimit: 10 })
    await world.arrive()
    const told = { limit: 10, limitSource: 'CONFIGURED', used: 1, remaining: 9 }
    expect(await quota(socialOverdrive)).toEqual(told)
    expect(await quota(luckyShrub)).toEqual(told)
  })

  it('counts a customer of whom only the permission was told, as hosted signup does', async () => {
    world = await startWorld()
    await world.simulator.play('install', { app_id: socialOverdrive })
    const told = { limit: 200, limitSource: 'ASSUMED', used: 1, remaining: 199 }
    await expect.poll(() => quota(socialOverdrive)).toEqual(told)
  })
})
