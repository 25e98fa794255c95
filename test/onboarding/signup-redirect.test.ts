import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mutationText } from '../writes/support/mutation-text.ts'
import { luckyShrub, Play, type Customer, type Json } from '../writes/support/play.ts'

const page = 'https://shrub.example/signed-up'
const elsewhere = 'https://shrub.example/other'
const done = { __typename: 'CompleteEmbeddedSignupPayload' }

describe('a code of a dialog that ended by redirecting', () => {
  let play: Play
  let customer: Customer

  beforeEach(async () => {
    play = await Play.begin({ overrides: { redirectUris: [page, elsewhere] } })
    customer = await play.control.play<Customer>('onboard', { app_id: luckyShrub, redirect_uri: page })
  })
  afterEach(() => play.close())

  const complete = (redirectUri: string | null): Promise<Json> =>
    play.mutate('completeEmbeddedSignup', {
      appId: luckyShrub,
      code: customer.code,
      wabaId: customer.waba_id,
      redirectUri,
    })

  it('is changed with the address that the dialog was opened with', async () => {
    expect(await complete(page)).toEqual(done)
  })

  it.each([
    ['another address', elsewhere],
    ['none', null],
  ])(
    'is refused with %s, with words that say so, and can be handed in again with the right one',
    async (_, uri) => {
      const problem =
        '... on Problem { code message retryable waitsFor } ... on GraphApiProblem { graphSubcode }'
      const query = mutationText('completeEmbeddedSignup').replace(
        '... on Problem',
        `${problem} ... on Problem`,
      )
      const input = { appId: luckyShrub, code: customer.code, wabaId: customer.waba_id, redirectUri: uri }
      expect((await play.ask(query, { input }))['completeEmbeddedSignup']).toMatchObject({
        code: 'UPSTREAM_REFUSED',
        graphSubcode: 36_008,
        retryable: false,
        waitsFor: 'US',
        message: expect.stringContaining(
          '`redirectUri` differs from the one the dialog was opened with',
        ) as string,
      })
      expect(await complete(page)).toEqual(done)
    },
  )

  it.each([`${page}/`, `${page}?a=b`, page.toUpperCase(), 'http://shrub.example/signed-up', ''])(
    'is not sent with an address that nobody has allowed: %s',
    async (uri) => {
      await play.control.forgetRequests()
      expect(await complete(uri)).toMatchObject({
        __typename: 'InvalidInputProblem',
        path: ['input', 'redirectUri'],
      })
      expect((await play.control.requests()).total).toBe(0)
    },
  )
})
