import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { luckyShrub, Play, socialOverdrive } from '../writes/support/play.ts'

type Options = { extras: Record<string, unknown> } | null

describe('the options that open Embedded Signup', () => {
  let play: Play
  let solutionId: string

  beforeAll(async () => {
    play = await Play.begin()
    solutionId = await play.solution('Together')
  })
  afterAll(() => play.close())

  const ofSolution = async (more = ''): Promise<Options> => {
    const query = `{ solution(id: "${solutionId}") { embeddedSignup(configId: "300900800700600" ${more}) { options } } }`
    const { solution } = (await play.ask(query)) as { solution: { embeddedSignup: { options: Options } } }
    return solution.embeddedSignup.options
  }
  const ofApp = async (appId: string, more = ''): Promise<Options | undefined> => {
    const query = `{ app(id: "${appId}") { embeddedSignup(configId: "300900800700600" ${more}) { appId options } } }`
    const { app } = (await play.ask(query)) as { app: { embeddedSignup: { options: Options } | null } }
    return app.embeddedSignup?.options
  }
  const refusalOf = async (more: string): Promise<unknown> => {
    const query = `{ solution(id: "${solutionId}") { embeddedSignup(configId: "1" ${more}) { options } } }`
    const { errors = [] } = await play.post(query)
    return errors.map(({ message, extensions }) => [extensions?.['code'], message])
  }

  it('are those of v4 and name nothing that v2 or v3 took', async () => {
    expect(await ofSolution()).toEqual({
      config_id: '300900800700600',
      response_type: 'code',
      override_default_response_type: true,
      extras: { setup: { solutionID: solutionId } },
    })
  })

  it('have nothing extra for an app alone', async () => {
    expect(await ofApp(socialOverdrive)).toEqual({
      config_id: '300900800700600',
      response_type: 'code',
      override_default_response_type: true,
      extras: {},
    })
  })

  it('ask for coexistence, a feature or a preview version when they are asked to', async () => {
    expect((await ofSolution('featureType: WHATSAPP_BUSINESS_APP_ONBOARDING'))?.extras).toEqual({
      setup: { solutionID: solutionId },
      featureType: 'whatsapp_business_app_onboarding',
    })
    expect((await ofSolution('features: [APP_ONLY_INSTALL]'))?.extras).toEqual({
      setup: { solutionID: solutionId },
      features: [{ name: 'app_only_install' }],
    })
    expect((await ofApp(luckyShrub, 'signupVersion: "v4-public-preview"'))?.extras).toEqual({
      version: 'v4-public-preview',
    })
  })

  it('fill in what the customer’s business is known to be, in the keys of the dialog', async () => {
    const prefill = `prefill: {
      business: { name: "Wind & Wool", phone: { code: 1, number: "5550001" }, address: { city: "Bath" }, website: null }
      phone: { displayName: "Wind & Wool" }
      preVerifiedPhoneIds: ["700200300400500"]
      wabaIds: ["700300400500600"]
    }`
    expect((await ofSolution(prefill))?.extras['setup']).toEqual({
      business: {
        name: 'Wind & Wool',
        phone: { code: 1, number: '5550001' },
        address: { city: 'Bath' },
      },
      phone: { displayName: 'Wind & Wool' },
      preVerifiedPhone: { ids: ['700200300400500'] },
      whatsAppBusinessAccount: { ids: ['700300400500600'] },
      solutionID: solutionId,
    })
  })

  it.each([
    ['an app-only install of a number of the Business app', bothOf(), 'features'],
    ['a version that is none', 'signupVersion: "latest"', 'signupVersion'],
    ['an account that is none', 'prefill: { wabaIds: ["mine"] }', 'prefill'],
  ])('are refused for %s', async (_, more, argument) => {
    expect(await refusalOf(more)).toEqual([['INVALID_INPUT', expect.stringContaining(argument)]])
  })

  function bothOf(): string {
    return 'featureType: WHATSAPP_BUSINESS_APP_ONBOARDING, features: [APP_ONLY_INSTALL]'
  }
})
