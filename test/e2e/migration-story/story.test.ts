import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeSolution } from '../../support/mutate.ts'
import { luckyShrub, socialOverdrive, startWorld, type World } from '../../onboarding/support/world.ts'

// One story told in order: each step stands on the one before.
describe.each(['new', 'old'] as const)(
  'a customer changes solutions, in the %s account model',
  (accountModel) => {
    let world: World
    let from: string
    let to: string
    let solutionId: string
    let intentId: string
    let phoneNumberId: string
    let phoneNumber: string

    beforeAll(async () => {
      // No webhook tells of a migration: the comparison with Graph does.
      world = await startWorld({ reconcileSeconds: 1 }, 'PARTNER', { accountModel })
      const customer = await world.arrive()
      from = customer.waba_id
      phoneNumberId = customer.phone_number_ids[0] ?? ''
      await change('registerPhoneNumber', from, { phoneNumberId, pin: '271828' })
      const parties = { owner: socialOverdrive, partner: luckyShrub }
      solutionId = await makeSolution(world.gateway.url, parties, 'Elsewhere')
    })
    afterAll(() => world.close())

    const problem = '... on Problem { waitsFor }'
    const change = (field: string, wabaId: string, more: object = {}, selection = '') =>
      world.mutate(field, { wabaId, appId: luckyShrub, ...more }, `${selection} ${problem}`)
    const numbersOf = async (wabaId: string) => {
      const { clientWaba } = (await world.ask(
        `query ($id: ID!) { clientWaba(id: $id) {
        solutions { edges { node { solutionId } } }
        phoneNumbers { edges { node { phoneNumberId displayPhoneNumber status } } } } }`,
        { id: wabaId },
      )) as { clientWaba: { solutions: Edges<{ solutionId: string }>; phoneNumbers: Edges<Number> } }
      return {
        solutions: clientWaba.solutions.edges.map(({ node }) => node.solutionId),
        numbers: clientWaba.phoneNumbers.edges.map(({ node }) => node),
      }
    }

    it('is tagged for the new solution, and agrees', async () => {
      const set = (await world.ask(
        `mutation ($input: SolutionMigrationIntentInput!) { setSolutionMigrationIntent(input: $input) {
        ... on SolutionMigrationIntentPayload { intent { intentId status } } } }`,
        { input: { wabaId: from, solutionId, appId: luckyShrub } },
      )) as { setSolutionMigrationIntent: { intent: { intentId: string } } }
      intentId = set.setSolutionMigrationIntent.intent.intentId
      await world.simulator.play('phones', { id: phoneNumberId, pin: null })
      await world.simulator.play('intents', { id: intentId, status: 'ACCEPTED' })
      const { migrationIntent } = (await world.ask(
        'query ($id: ID!, $wabaId: ID) { migrationIntent(id: $id, wabaId: $wabaId) { status destinationWaba { wabaId } } }',
        { id: intentId, wabaId: from },
      )) as { migrationIntent: { status: string; destinationWaba: { wabaId: string } } }
      expect(migrationIntent.status).toBe('ACCEPTED')
      to = migrationIntent.destinationWaba.wabaId
      expect(to).not.toBe(from)
      expect(await numbersOf(to)).toEqual({ solutions: [solutionId], numbers: [] })
      const arrived = `{ events(filter: { wabaId: "${to}", kinds: [CLIENT_WABA_ONBOARDED] }) { edges { node { appId } } } }`
      await expect.poll(async () => JSON.stringify(await world.ask(arrived))).toContain(luckyShrub)
    })

    it('has the app subscribed and the credit shared on the destination', async () => {
      expect(await change('subscribeAppToWaba', to)).toMatchObject({ __typename: 'WabaSubscriptionPayload' })
      expect(
        await change(
          'onboardClientWaba',
          to,
          { currency: 'USD' },
          '... on OnboardClientWabaPayload { attempts { kind problem { message } } }',
        ),
      ).toMatchObject({ attempts: [{ kind: 'CREDIT_SHARED', problem: null }] })
    })

    it('gets its number there as the account model has it', async () => {
      phoneNumber = (await numbersOf(from)).numbers[0]?.displayPhoneNumber ?? ''
      const input = { countryCode: '1', phoneNumber, verifiedName: 'Ours', migrate: true }
      const moved = await change('addPhoneNumber', to, input)
      if (accountModel === 'old') return expect(moved).toMatchObject({ __typename: 'PhoneNumberPayload' })
      expect(moved).toMatchObject({
        __typename: 'GraphApiProblem',
        waitsFor: 'US',
        message: expect.stringContaining(
          'addPhoneNumber without `migrate`, then registerPhoneNumber',
        ) as string,
      })
      // As it says.
      expect(await change('addPhoneNumber', to, { ...input, migrate: false })).toMatchObject({
        __typename: 'PhoneNumberPayload',
      })
    })

    it('can send there, and is done', async () => {
      const [number] = (await numbersOf(to)).numbers
      expect(
        await change(
          'registerPhoneNumber',
          to,
          { phoneNumberId: number?.phoneNumberId, pin: '314159' },
          '... on PhoneNumberPayload { phoneNumber { status } }',
        ),
      ).toMatchObject({ phoneNumber: { status: 'CONNECTED' } })
      await world.simulator.play('intents', { id: intentId, status: 'COMPLETED' })
      const after = await numbersOf(to)
      expect(after.numbers).toMatchObject([{ displayPhoneNumber: phoneNumber, status: 'CONNECTED' }])
      // In the new model the number is one with its id, and the account that it came from lists it too.
      const before = world.gateway.simulator.state().accounts.find(({ id }) => id === from)
      expect(before?.phoneNumbers.map(({ id }) => id)).toEqual(accountModel === 'new' ? [phoneNumberId] : [])
      expect(after.numbers[0]?.phoneNumberId === phoneNumberId).toBe(accountModel === 'new')
    })
  },
)

interface Edges<T> {
  readonly edges: readonly { readonly node: T }[]
}

interface Number {
  readonly phoneNumberId: string
  readonly displayPhoneNumber: string
  readonly status: string
}
