import type { TestGateway } from '../../support/gateway.ts'

/** How many requests have reached the Graph API. */
export async function upstreamCalls({ simulator }: TestGateway): Promise<number> {
  const response = await fetch(`${simulator.url}/__sim/requests`)
  return ((await response.json()) as { total: number }).total
}

export async function injectFaults({ simulator }: TestGateway, ...rules: readonly object[]): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${simulator.url}/__sim/faults`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ rules }),
  })
  if (!response.ok) throw new Error(await response.text())
}

export interface Reply {
  readonly status: number
  readonly text: string
  readonly errors: readonly { message: string; extensions?: Record<string, unknown> }[]
  readonly data: Record<string, unknown> | null
}

/** One operation by POST, or as a stream when `accept` says so. */
export async function post(url: string, query: string, headers: Record<string, string> = {}): Promise<Reply> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  })
  const text = await response.text()
  const { errors = [], data = null } = JSON.parse(/\{.*\}/.exec(text)?.[0] ?? '{}') as Partial<Reply>
  return { status: response.status, text, errors, data }
}

export const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` })

/** The value of a gauge or counter in /metrics, summed over its labels that match. */
export async function metric(
  url: string,
  name: string,
  headers: Record<string, string> = {},
): Promise<number> {
  const text = await (await fetch(`${url}/metrics`, { headers })).text()
  const lines = text.split('\n').filter((line) => line.startsWith(name))
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}
