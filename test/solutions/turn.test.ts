import { describe, expect, it } from 'vitest'
import type { SolutionNode } from '../../src/graph/nodes.ts'
import { turnOf } from '../../src/solutions/turn.ts'
import { solutionStatuses } from '../../src/solutions/lifecycle.ts'
import { makeSolution, mutate } from '../support/mutate.ts'
import { luckyShrub, socialOverdrive, startWorld } from '../calls/support/world.ts'

const [owner, invited, third] = ['10', '20', '30'] as const

const solution = (
  status: string,
  rows: readonly [appId: string, status: string][] = [[invited, 'NOTIFICATION_SENT']],
) =>
  ({
    status,
    owner_app: { id: owner },
    partners: {
      data: rows.map(([id, state], index) => ({
        id: `${index}`,
        status: state,
        partner_app: { id, name: `App ${id}` },
      })),
      after: null,
    },
  }) as unknown as Partial<SolutionNode>

const partyOf = (node: Partial<SolutionNode>, ...ours: string[]) => turnOf(node, new Set(ours))?.party ?? null

describe('whose turn it is in a solution', () => {
  it.each([
    ['INITIATED', [owner], 'PARTNER'],
    ['INITIATED', [invited], 'US'],
    ['INITIATED', [owner, invited], 'US'],
    ['PENDING', [invited], 'US'],
    ['PENDING_DEACTIVATION', [owner], 'PARTNER'],
    ['PENDING_DEACTIVATION', [invited], 'US'],
    ['DRAFT', [owner], 'US'],
    ['DRAFT', [invited], 'PARTNER'],
    ['ACTIVE', [owner, invited], null],
    ['REJECTED', [owner, invited], null],
    ['DEACTIVATED', [owner, invited], null],
    ['ARCHIVED', [owner, invited], null],
  ])('%s, for who has app %s, is that of %s', (status, ours, party) => {
    expect(partyOf(solution(status), ...ours)).toBe(party)
  })

  it('is only that of partners who have not answered', () => {
    const half = solution('INITIATED', [
      [invited, 'ACCEPTED'],
      [third, 'NOTIFICATION_SENT'],
    ])
    expect([partyOf(half, invited), partyOf(half, third)]).toEqual(['PARTNER', 'US'])
    expect(turnOf(half, new Set([owner]))?.reason).toBe('App 30 is invited and has not answered.')
  })

  it('is that of all partners who take part when the owner asks to end it', () => {
    const ending = solution('PENDING_DEACTIVATION', [
      [invited, 'ACCEPTED'],
      [third, 'REJECTED'],
    ])
    expect([partyOf(ending, invited), partyOf(ending, third)]).toEqual(['US', 'PARTNER'])
  })

  it('is told without the partners by who owns it', () => {
    const bare = { status: 'INITIATED', owner_app: { id: owner } } as unknown as Partial<SolutionNode>
    expect([partyOf(bare, owner), partyOf(bare, invited)]).toEqual(['PARTNER', 'US'])
    expect(partyOf({ status: 'INITIATED' }, invited)).toBe('PARTNER')
  })

  it('has a reason whenever it is somebody’s', () => {
    for (const status of solutionStatuses) {
      const turn = turnOf(solution(status), new Set([owner]))
      expect(turn === null || turn.reason.length > 20).toBe(true)
    }
  })
})

describe('a solution', () => {
  it('says so with the list of solutions, in one request, and as it goes on', async () => {
    await using world = await startWorld({ solutions: 2, wabas: 0 })
    const id = await makeSolution(
      world.gateway.url,
      { owner: socialOverdrive, partner: luckyShrub },
      'New one',
      false,
    )
    const list = `{ app(id: "${luckyShrub}") { solutions { edges { node { name waitsFor waitsForReason } } } } }`
    const { data, errors, total } = await world.run(list)
    expect([errors, total]).toEqual([undefined, 1])
    const nodes = (data as { app: { solutions: { edges: { node: unknown }[] } } }).app.solutions.edges
    expect(nodes.map(({ node }) => node)).toMatchObject([
      { waitsFor: null, waitsForReason: null },
      { waitsFor: null, waitsForReason: null },
      {
        name: 'New one',
        waitsFor: 'US',
        waitsForReason: expect.stringContaining('acceptSolution') as string,
      },
    ])
    const step = async (verb: string, appId: string) => {
      const selection = '... on SolutionActionPayload { solution { waitsFor } }'
      return mutate(world.gateway.url, [verb, 'SolutionActionInput'], { solutionId: id, appId }, selection)
    }
    expect(await step('acceptSolution', luckyShrub)).toMatchObject({ solution: { waitsFor: null } })
    expect(await step('requestSolutionDeactivation', socialOverdrive)).toMatchObject({
      solution: { waitsFor: 'US' },
    })
  })
})
