import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mutationText, mutations } from '../writes/support/mutation-text.ts'
import { luckyShrub, Play } from '../writes/support/play.ts'
import { badInputs, fieldsOf, type BadInput } from './support/bad-values.ts'
import { fineInputs } from './support/fine.ts'
import { openBothWays, type BothWays } from './support/both-ways.ts'
import { longKey, semanticCases } from './support/semantic.ts'

describe('an input with something wrong in it', () => {
  let play: Play
  let client: BothWays
  beforeAll(async () => {
    play = await Play.begin()
    client = openBothWays(play.urls[0] ?? '')
  })
  afterAll(async () => {
    await client.close()
    await play.close()
  })

  /** What is not as it should be, in sentences. */
  async function complaints(field: string, bad: BadInput): Promise<readonly string[]> {
    const { http, ws } = await client.ask(mutationText(field), { input: bad.input })
    const said = `${bad.what} → ${JSON.stringify(http).slice(0, 300)}`
    return [
      ...(isRefused(field, bad, http) ? [] : [said]),
      ...(JSON.stringify(http) === JSON.stringify(ws)
        ? []
        : [`${said}, but by WebSocket ${JSON.stringify(ws)}`]),
    ]
  }

  it.each(Object.keys(mutations).map((field) => [field]))(
    'is refused with its place and without a call to Graph: %s',
    async (field) => {
      const fine = fineInputs[field]
      expect(
        fine,
        `Mutation ${field} is new: say in test/inputs/support/fine.ts what a fine input is`,
      ).toBeDefined()
      expect(
        Object.keys(fine ?? {}).sort(),
        `All fields of ${field}'s input belong into the fine one`,
      ).toEqual(Object.keys(fieldsOf(field)).sort())
      await play.control.forgetRequests()
      const all = [
        ...badInputs(field, fine ?? {}),
        ...[longKey, ...(semanticCases[field] ?? [])].map((more) => more(fine ?? {})),
      ]
      const found = []
      for (const bad of all) found.push(...(await complaints(field, bad)))
      expect(found).toEqual([])
      expect((await play.control.requests()).total).toBe(0)
    },
  )

  it('that names another business than the one that pays is refused before anything is revoked', async () => {
    const customer = await play.customer(await play.solution('Together'))
    const shared = await play.mutate('shareCreditLine', {
      wabaId: customer.waba_id,
      appId: luckyShrub,
      currency: 'USD',
      addSystemUser: true,
    })
    const { allocationId } = shared['creditAllocation'] as { allocationId: string }
    await play.control.forgetRequests()
    const input = { allocationId, appId: luckyShrub, confirmReceivingBusinessId: '1' }
    expect(await play.mutate('revokeCreditAllocation', input)).toMatchObject({
      __typename: 'InvalidInputProblem',
      path: ['input', 'confirmReceivingBusinessId'],
    })
    expect(await play.writes()).toEqual({})
  })
})

interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly { readonly message: string }[]
}

function isRefused(field: string, { refusedBy }: BadInput, answer: Answer): boolean {
  if (refusedBy === 'GraphQL') return (answer.errors?.length ?? 0) > 0 && (answer.data ?? null) === null
  const problem = answer.data?.[field] as { __typename?: string; code?: string; path?: string[] } | undefined
  const [input, at] = problem?.path ?? []
  return (
    problem?.__typename === 'InvalidInputProblem' &&
    problem.code === 'INVALID_INPUT' &&
    input === 'input' &&
    at === refusedBy.field
  )
}
