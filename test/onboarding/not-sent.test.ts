import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Play, luckyShrub, type Json } from '../writes/support/play.ts'

describe('a registration that never left', () => {
  let play: Play
  let input: Json

  beforeEach(async () => {
    play = await Play.begin()
    const { waba_id: wabaId, phone_number_ids: ids } = await play.customer(await play.solution('Together'))
    input = { wabaId, phoneNumberId: ids[0], appId: luckyShrub, pin: '271828' }
  })
  afterEach(() => play.close())

  const register = () => play.mutate('registerPhoneNumber', input)
  const used = async (): Promise<unknown> => {
    const fields = 'phoneNumbers(first: 1) { edges { node { registrationBudget { used } } } }'
    const { clientWaba } = (await play.ask(`query ($w: ID!) { clientWaba(id: $w) { ${fields} } }`, {
      w: input['wabaId'],
    })) as { clientWaba: { phoneNumbers: { edges: { node: { registrationBudget: { used: number } } }[] } } }
    return clientWaba.phoneNumbers.edges[0]?.node.registrationBudget.used
  }
  const registered = async () => (await play.control.requests()).byRoute['POST /{phone}/register'] ?? 0

  it('for want of a token does not count', async () => {
    const refused = { kind: 'error', code: 200, status: 403 }
    await play.control.faults(
      { path: 'access_token', ...refused },
      { path: 'system_user_access_tokens', ...refused },
    )
    for (let attempt = 0; attempt < 3; attempt++)
      expect(await register()).toMatchObject({ code: 'TOKEN_INVALID' })
    await play.control.faults()
    expect([await registered(), await used()]).toEqual([0, 0])
    expect(await register()).toEqual({ __typename: 'PhoneNumberPayload' })
    expect(await used()).toBe(1)
  })

  it('because Graph had asked to wait does not count, and what was refused does', async () => {
    await play.control.faults({ method: 'POST', path: '/register', kind: 'throttle', minutes: 5, times: 1 })
    for (let attempt = 0; attempt < 3; attempt++)
      expect(await register()).toMatchObject({ code: 'RATE_LIMITED' })
    expect([await registered(), await used()]).toEqual([1, 1])
  })
})
