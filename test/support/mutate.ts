import { graphql } from './graphql.ts'

const problem =
  '... on Problem { code message retryable retryAfterSeconds waitsFor } ... on InvalidInputProblem { path }'

/** What a mutation with one input answers. */
export async function mutate(
  url: string,
  [field, type]: readonly [field: string, inputType: string],
  input: object,
  selection = '',
): Promise<Record<string, unknown>> {
  const query = `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ${selection} ${problem} } }`
  const { data, errors } = await graphql(url, query, { input })
  if (errors || !data) throw new Error(JSON.stringify(errors))
  return data[field] as Record<string, unknown>
}

/** An invitation from one app to another; the other accepts unless told not to. */
export async function makeSolution(
  url: string,
  parties: { readonly owner: string; readonly partner: string },
  name: string,
  accepted = true,
): Promise<string> {
  const { solution } = (await mutate(
    url,
    ['createSolution', 'CreateSolutionInput'],
    { appId: parties.owner, name, partnerAppId: parties.partner, messaging: 'PARTNER' },
    '... on CreateSolutionPayload { solution { solutionId } }',
  )) as { solution: { solutionId: string } }
  const input = { solutionId: solution.solutionId, appId: parties.partner }
  if (accepted) await mutate(url, ['acceptSolution', 'SolutionActionInput'], input)
  return solution.solutionId
}
