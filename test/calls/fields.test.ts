import { expect, it } from 'vitest'
import { globalId, luckyShrub, startWorld } from './support/world.ts'

it('a thing by its global id is asked only for what is selected of its own type', async () => {
  await using world = await startWorld({ wabas: 1 })
  const id = globalId('Solution', `${world.solutionIds[0]}@${luckyShrub}`)
  const { data, total } = await world.run(
    `{ nodes(ids: ["${id}"]) {
      ... on PhoneNumber { status qualityRating }
      ... on ClientWaba { name solutions(first: 5) { edges { cursor } } }
      ...Number
      ... on Node { id ... on Solution { ownerPermissions } ... on PhoneNumber { actions { action } } }
      ... { ... on Solution { solutionId } }
    } }
    fragment Number on PhoneNumber { verifiedName status }`,
  )
  expect(data).toEqual({
    nodes: [{ id, solutionId: world.solutionIds[0], ownerPermissions: expect.any(Array) as string[] }],
  })
  expect(total).toBe(1)
  expect(await world.fields()).toBe('id,status_for_pending_request,owner_permissions')
})
