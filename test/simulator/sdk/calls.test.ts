import { createHmac } from 'node:crypto'

import * as sdk from 'facebook-nodejs-business-sdk'
import { type RunnerTestCase, type RunnerTestSuite, beforeAll, describe, expect, it } from 'vitest'

import { customerOf, line, luckyBusiness, onboarded, socialBusiness } from '../support/credit.ts'
import { startCallback } from '../support/callback.ts'
import { lucky, social } from '../support/world.ts'
import { called, dataOf, meta, papersOf, rowsOf } from './support/sdk.ts'

const success = { success: true }

describe("Meta's SDK and solutions", () => {
  const offer = {
    solution_name: 'Social Overdrive with Lucky Shrub',
    partner_app_id: lucky,
    owner_permissions: ['MESSAGING'],
    partner_permissions: [],
  }

  it('creates one, lists it by role, reads it and its partners', async () => {
    const { app, as, system } = await meta()
    const made = dataOf(await app(social, system(social)).createWhatsAppBusinessSolution([], offer))
    const id = String(made.solution_id)
    const fields = ['name', 'status', 'status_for_pending_request', 'owner_app', 'owner_permissions']
    const list = await app(lucky, system(lucky)).getWhatsAppBusinessSolutions(fields, { role: 'PARTNER' })
    expect(rowsOf(list)).toEqual([
      {
        id,
        name: offer.solution_name,
        status: 'INITIATED',
        status_for_pending_request: 'PENDING_ACTIVATION',
        owner_app: { id: social, name: 'Social Overdrive', link: expect.any(String) },
        owner_permissions: expect.arrayContaining(['MESSAGING']),
      },
    ])
    const api = as(system(lucky))
    expect(await api.call('GET', [id])).toMatchObject({ id, name: offer.solution_name })
    expect(await api.call('GET', [id, 'partners'])).toMatchObject({
      data: [{ partner_app: { id: lucky }, status: 'NOTIFICATION_SENT' }],
    })
  })

  it('goes through its life: accepted, asked to end, kept, asked again, ended', async () => {
    const { app, as, system } = await meta()
    const made = dataOf(await app(social, system(social)).createWhatsAppBusinessSolution([], offer))
    const id = String(made.solution_id)
    const [owner, partner] = [as(system(social)), as(system(lucky))]
    const step = (who: sdk.FacebookAdsApi, name: string) => who.call('POST', [id, name])
    expect(await step(partner, 'accept')).toEqual(success)
    expect(await step(owner, 'send_deactivation_request')).toEqual(success)
    expect(await step(partner, 'reject_deactivation_request')).toEqual(success)
    expect(await step(owner, 'send_deactivation_request')).toEqual(success)
    expect(await step(partner, 'accept_deactivation_request')).toEqual(success)
    expect(await owner.call('GET', [id], { fields: 'status' })).toEqual({ id, status: 'DEACTIVATED' })
    const other = dataOf(await app(social, system(social)).createWhatsAppBusinessSolution([], offer))
    expect(await partner.call('POST', [String(other.solution_id), 'reject'])).toEqual(success)
  })

  it('gives the token of its customer', async () => {
    const game = await meta({ solutions: 1, wabas: 1 })
    const [{ business, token }, [solution]] = [customerOf(game), game.sim.state().solutions]
    const path = [String(solution?.id), 'access_token']
    const reply = await game.as(game.system(lucky)).call('GET', path, { business_id: business })
    expect(reply).toEqual({ data: [{ access_token: token }] })
  })
})

describe("Meta's SDK and customers' accounts", () => {
  const stage = async () => {
    const game = await meta({ solutions: 1, wabas: 3 })
    const customer = customerOf(game)
    return { ...game, customer, theirs: game.waba(customer.waba, customer.token) }
  }

  it('lists them with filters, and turns the pages forth and back', async () => {
    const { business, system, customer } = await stage()
    const partner = { field: 'partners', operator: 'ALL', value: [socialBusiness] }
    const params = { filtering: [partner], sort: 'creation_time_ascending', limit: 2 }
    const list = await business(luckyBusiness, system(lucky)).getClientWhatsAppBusinessAccounts(
      ['name'],
      params,
    )
    const first = rowsOf(list).map(({ id }) => id)
    expect([first.length, first[0], list.hasNext(), list.hasPrevious()]).toEqual([
      2,
      customer.waba,
      true,
      false,
    ])
    await list.next()
    expect([list.length, list.hasNext(), list.hasPrevious()]).toEqual([1, false, true])
    await list.previous()
    expect(rowsOf(list).map(({ id }) => id)).toEqual(first)
    const own = await business(customer.business, customer.token).getOwnedWhatsAppBusinessAccounts(['name'])
    expect(rowsOf(own)).toMatchObject([{ id: customer.waba }])
  })

  it('reads one, its solutions, and adds a number to it', async () => {
    const { theirs, customer, sim } = await stage()
    await theirs.read(['name', 'owner_business_info', 'health_status', 'primary_funding_id'])
    expect(dataOf(theirs)).toMatchObject({
      id: customer.waba,
      owner_business_info: { id: customer.business },
    })
    const [solution] = sim.state().solutions
    expect(rowsOf(await theirs.getSolutions([]))).toMatchObject([{ id: solution?.id, status: 'ACTIVE' }])
    const number = { cc: '1', phone_number: '2025550123', verified_name: 'Wind & Wool' }
    const made = String(dataOf(await theirs.createPhoneNumber([], number)).id)
    const account = new sdk.WhatsAppBusinessAccount(customer.waba, {}, undefined, theirs.getApi())
    const numbers = rowsOf(await account.getPhoneNumbers(['id', 'verified_name', 'status']))
    expect(numbers).toContainEqual({ id: made, verified_name: 'Wind & Wool', status: 'PENDING' })
  })

  it('subscribes the app, sets an override, and takes both away', async () => {
    const { theirs } = await stage()
    const hook = await startCallback()
    const rows = async () => rowsOf(await theirs.getSubscribedApps([]))
    await theirs.deleteSubscribedApps()
    expect(await rows()).toEqual([])
    expect(dataOf(await theirs.createSubscribedApp([]))).toMatchObject(success)
    const override = { override_callback_uri: hook.url, verify_token: 'our token' }
    expect(dataOf(await theirs.createSubscribedApp([], override))).toMatchObject(success)
    expect(await rows()).toEqual([
      { whatsapp_business_api_data: expect.objectContaining({ id: lucky }), override_callback_uri: hook.url },
    ])
    expect(await theirs.deleteSubscribedApps()).toEqual(success)
    expect(await rows()).toEqual([])
  })

  it('assigns the system user, lists it with its tasks, and removes it', async () => {
    const { business, waba, system, customer } = await stage()
    const ours = waba(customer.waba, system(lucky))
    const [user] = rowsOf(await business(luckyBusiness, system(lucky)).getSystemUsers(['name', 'role']))
    expect(user).toMatchObject({ role: 'ADMIN' })
    const given = { user: user?.id, tasks: ['DEVELOP', 'MANAGE_BILLING'] }
    expect(dataOf(await ours.createAssignedUser([], given))).toMatchObject(success)
    const users = async () =>
      rowsOf(await ours.getAssignedUsers(['name', 'tasks', 'user_type'], { business: luckyBusiness }))
    expect(await users()).toMatchObject([{ id: user?.id, tasks: given.tasks, user_type: 'SYSTEM_USER' }])
    const itself = new sdk.SystemUser(String(user?.id), {}, undefined, ours.getApi())
    expect(rowsOf(await itself.getAssignedWhatsAppBusinessAccounts(['name']))).toMatchObject([
      { id: customer.waba },
    ])
    expect(await ours.deleteAssignedUsers({ user: user?.id })).toEqual(success)
    expect(await users()).toEqual([])
  })

  it('tags one for a solution and reads what became of the migration', async () => {
    const game = await meta({ solutions: 1 })
    const customer = await onboarded(game, { app_id: lucky })
    const [solution] = game.sim.state().solutions
    const tagged = await game
      .waba(customer.waba, customer.token)
      .createSetSolutionMigrationIntent([], { solution_id: solution?.id })
    const id = String(dataOf(tagged).id)
    await game.control('POST', 'intents', { id, status: 'ACCEPTED' })
    const fields = 'id,status,destination_waba,solution,waba'
    expect(await game.as(customer.token).call('GET', [id], { fields })).toMatchObject({
      id,
      status: 'ACCEPTED',
      destination_waba: { id: customer.waba },
      solution: { id: solution?.id },
    })
  })
})

describe("Meta's SDK and phone numbers", () => {
  it('verifies one, registers it, reads it and lets it go', async () => {
    const game = await meta()
    const { body } = await game.control('POST', 'onboard', {})
    const [id] = body.phone_number_ids as [string]
    const api = game.as(game.businessToken(lucky, String(body.business_id)))
    await game.control('POST', 'phones', { id, verification: 'NOT_VERIFIED' })
    const request = { code_method: 'SMS', language: 'en_US' }
    expect(await api.call('POST', [id, 'request_code'], request)).toEqual(success)
    const code = game.sim.state().accounts[0]?.phoneNumbers[0]?.code
    expect(await api.call('POST', [id, 'verify_code'], { code })).toEqual(success)
    const pin = { messaging_product: 'whatsapp', pin: '123456' }
    expect(await api.call('POST', [id, 'register'], pin)).toMatchObject(success)
    const fields = 'display_phone_number,verified_name,status,code_verification_status,platform_type'
    expect(await api.call('GET', [id], { fields })).toMatchObject({
      id,
      status: 'CONNECTED',
      code_verification_status: 'VERIFIED',
    })
    expect(await api.call('POST', [id, 'deregister'])).toEqual(success)
  })

  it('gives one a callback of its own, and takes it away', async () => {
    const game = await meta({ solutions: 1, wabas: 1 })
    const { token, waba } = customerOf(game)
    await game.waba(waba, token).createSubscribedApp([])
    const api = game.as(token)
    const { data } = await api.call<{ data: [{ id: string }] }>('GET', [waba, 'phone_numbers'])
    const [{ id }] = data
    const hook = await startCallback()
    const webhook_configuration = { override_callback_uri: hook.url, verify_token: 'our token' }
    expect(await api.call('POST', [id], { webhook_configuration })).toEqual(success)
    expect(await api.call('GET', [id], { fields: 'webhook_configuration' })).toMatchObject({
      webhook_configuration: { phone_number: hook.url },
    })
    expect(await api.call('POST', [id], { webhook_configuration: '' })).toEqual(success)
  })
})

describe("Meta's SDK and credit", () => {
  it('finds the line, shares and attaches it, and revokes it', async () => {
    const game = await meta({ solutions: 1, wabas: 1 })
    const [customer, ours] = [customerOf(game), game.system(lucky)]
    const [found] = rowsOf(await game.business(luckyBusiness, ours).getExtendedCredits(['legal_entity_name']))
    expect(found).toEqual({ id: line, legal_entity_name: 'Lucky Shrub' })
    const fields = ['balance', 'credit_available', 'owner_business']
    expect(dataOf(await game.line(line, ours).read(fields))).toMatchObject({
      balance: { currency: 'USD', amount: expect.any(String) },
      owner_business: { id: luckyBusiness },
    })
    const user = game.sim.state().apps.find(({ appId }) => appId === lucky)?.systemUserId
    await game.waba(customer.waba, ours).createAssignedUser([], { user, tasks: ['MANAGE_BILLING'] })
    const what = { waba_currency: 'USD', waba_id: customer.waba }
    const shared = await game.line(line, ours).createWhatsAppCreditSharingAndAttach([], what)
    const id = String(dataOf(shared).allocation_config_id)
    const of = { receiving_business_id: customer.business }
    const list = async () =>
      rowsOf(await game.line(line, ours).getOwningCreditAllocationConfigs(['id', 'receiving_business'], of))
    expect(await list()).toEqual([{ id, receiving_business: { id: customer.business, name: 'Wind & Wool' } }])
    const record = dataOf(await game.allocation(id, ours).get(['receiving_credential', 'request_status']))
    const account = dataOf(await game.waba(customer.waba, customer.token).get(['primary_funding_id']))
    expect(record.receiving_credential).toEqual({ id: account.primary_funding_id })
    expect(await game.allocation(id, ours).delete([])).toEqual(success)
    expect(await list()).toEqual([])
  })

  it('shares it first and attaches it then', async () => {
    const game = await meta({ solutions: 1, wabas: 1 })
    const customer = customerOf(game)
    const to = { receiving_business_id: customer.business }
    const shared = await game.line(line, game.system(lucky)).createWhatsAppCreditSharing([], to)
    const what = { waba_currency: 'EUR', waba_id: customer.waba }
    const attached = await game.line(line, customer.token).createWhatsAppCreditAttach([], what)
    expect(dataOf(attached)).toMatchObject({
      ...success,
      waba_id: customer.waba,
      allocation_config_id: dataOf(shared).allocation_config_id,
    })
  })
})

describe("Meta's SDK and portfolios", () => {
  it('lists customers, reads one, submits it for verification, and lists what was submitted', async () => {
    const game = await meta({ solutions: 1, wabas: 2 })
    const { business, token } = customerOf(game, 1)
    const ours = game.business(luckyBusiness, game.system(lucky))
    const reply = await ours.createSelfCertifyWhatsAppBusiness([], papersOf(business))
    expect(dataOf(reply)).toMatchObject({ ...success, verification_attempts: 1 })
    const fields = ['verification_status', 'client_business_id', 'submitted_time']
    const list = await ours.getSelfCertifiedWhatsAppBusinessSubmissions(fields, { end_business_id: business })
    expect(rowsOf(list)).toMatchObject([{ verification_status: 'PENDING', client_business_id: business }])
    const customers = await game.app(lucky, game.system(lucky)).getConnectedClientBusinesses(['name'])
    expect(rowsOf(customers)).toContainEqual({ id: business, name: expect.any(String) })
    const read = dataOf(await game.business(business, token).get(['name', 'verification_status']))
    expect(read).toMatchObject({ id: business, verification_status: 'pending' })
  })
})

describe("Meta's SDK and tokens", () => {
  it('exchanges the code of a signup, and looks into the token', async () => {
    const game = await meta()
    const { body } = await game.control('POST', 'onboard', {})
    const api = game.as(game.system(lucky))
    const secret = String(game.sim.state().apps.find(({ appId }) => appId === lucky)?.appSecret)
    const proof = { client_id: lucky, client_secret: secret }
    const given = await api.call<{ access_token: string }>('GET', ['oauth', 'access_token'], {
      ...proof,
      code: body.code,
    })
    const input_token = given.access_token
    expect(await api.call('GET', ['debug_token'], { input_token })).toMatchObject({
      data: { app_id: lucky, is_valid: true, granular_scopes: expect.any(Array) },
    })
    expect((await api.getAppID()).data).toMatchObject({ data: { app_id: lucky } })
    const appsecret_proof = createHmac('sha256', secret).update(game.system(lucky)).digest('hex')
    const fetched = await game
      .business(String(body.business_id), game.system(lucky))
      .createSystemUserAccessToken([], { appsecret_proof, fetch_only: true })
    expect(dataOf(fetched).access_token).toBe(input_token)
    const refresh = { fb_exchange_token: api.accessToken, set_token_expires_in_60_days: true }
    const grant_type = 'fb_exchange_token'
    const fresh = await api.call<{ access_token: string }>('GET', ['oauth', 'access_token'], {
      ...proof,
      grant_type,
      ...refresh,
    })
    const ended = await api.call('GET', ['oauth', 'revoke'], { ...proof, revoke_token: fresh.access_token })
    expect(ended).toEqual({ success: 'true' })
  })

  it('reads who somebody is and the apps that were picked', async () => {
    const game = await meta()
    const login = (await game.control('POST', 'login', { app_ids: [social] })).body
    const api = game.as(String(login.user_token))
    const me = new sdk.User('me', {}, undefined, api)
    expect(dataOf(await me.get(['name']))).toMatchObject({ id: expect.stringMatching(/^\d+$/) })
    const again = new sdk.User('me', {}, undefined, api)
    expect(rowsOf(await again.getAssignedApplications([]))).toMatchObject([{ id: social }])
    expect(await api.call('GET', ['me', 'application_details'])).toMatchObject({ data: [{ id: social }] })
  })

  it('sets, shows and removes the callback of an app', async () => {
    const { app, appToken } = await meta()
    const [hook, ours] = [await startCallback(), app(lucky, appToken(lucky))]
    const object = 'whatsapp_business_account'
    const params = { object, callback_url: hook.url, verify_token: 'ours', fields: ['account_update'] }
    expect(await ours.getApi().call('POST', [lucky, 'subscriptions'], params)).toEqual(success)
    expect(rowsOf(await ours.getSubscriptions([]))).toMatchObject([{ object, callback_url: hook.url }])
    expect(await ours.deleteSubscriptions({ object })).toEqual(success)
  })

  it('is told in an error what Graph says of a refusal', async () => {
    const { business } = await meta()
    const failure = business('1', 'EAAGnobody').read(['name'])
    await expect(failure).rejects.toMatchObject({ status: 400, response: { code: 190 } })
  })
})

describe("a batch of Meta's SDK", () => {
  it('brings each answer to its own callback', async () => {
    const game = await meta({ solutions: 1, wabas: 2 })
    const api = game.as(game.system(lucky))
    const batch = new sdk.FacebookAdsApiBatch(api)
    const [one, two] = [customerOf(game), customerOf(game, 1)]
    const read = new sdk.APIRequest(one.waba, 'GET', '/phone_numbers').addFields(['id', 'status'])
    const seen: Record<string, unknown>[] = []
    const note = (reply: sdk.APIResponse) => void seen.push({ status: reply.status, ...reply.body })
    batch.addRequest(read, note, note)
    batch.add('GET', [two.waba], { fields: 'name', access_token: two.token }, undefined, note, note)
    batch.add('GET', ['1'], { fields: 'name' }, undefined, note, note)
    expect(await batch.execute()).toBeNull()
    expect(seen).toMatchObject([
      { status: 200, data: [{ status: 'CONNECTED' }] },
      { status: 200, id: two.waba },
      { status: 400, error: { code: 100 } },
    ])
  })
})

describe("a read of several objects with Meta's SDK", () => {
  it('is refused, since Meta has ended the parameter that it is made with', async () => {
    const game = await meta({ solutions: 1, wabas: 2 })
    const ids = game.sim.state().accounts.map(({ id }) => Number(id))
    const api = game.as(game.system(lucky))
    const read = sdk.WhatsAppBusinessAccount.getByIds(ids, ['name'], {}, api)
    await expect(read).rejects.toMatchObject({ status: 500, response: { code: 100 } })
  })
})

describe("the version that Meta's SDK names", () => {
  it.each(['v24.0', 'v26.0', 'v27.0'])('is the one that answers: %s', async (version) => {
    const { as, system } = await meta({}, version)
    const api = as(system(lucky)).setShowHeader(true)
    const { headers } = await api.call<{ headers: Record<string, string> }>('GET', [lucky])
    expect(headers['facebook-api-version']).toBe(version)
  })
})

// Another file of the same process may have called some.
beforeAll(() => called.clear())

const testsOf = (suite: RunnerTestSuite): RunnerTestCase[] =>
  suite.tasks.flatMap((task) => (task.type === 'suite' ? testsOf(task) : [task]))

it("has used 45 routes of the simulator's with all that stands above", ({ task, skip }) => {
  // What it counts is what the tests above have called: where some were not asked for, there is nothing to count.
  skip(testsOf(task.file).some(({ mode }) => mode === 'skip'))
  const routes = [...called].filter((route) => !/^batch |\{id\}/.test(route))
  expect(routes.length).toBeGreaterThanOrEqual(45)
})
