import type { Result } from './clients.ts'

/** One operation as text, with whatever comes back. */
export async function graphql(
  url: string,
  query: string,
  variables: object = {},
): Promise<Result<Record<string, unknown>>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  return (await response.json()) as Result<Record<string, unknown>>
}
