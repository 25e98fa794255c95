/** The simulator's own routes, as tests play the other side. */
export interface Control {
  reset(seed?: object): Promise<void>
  faults(...rules: object[]): Promise<void>
  onboard(solutionId: string): Promise<{ waba_id: string; business_id: string }>
  webhook(appId: string, body: unknown, options?: object): Promise<number[]>
  requests(): Promise<{ total: number; units: number; byRoute: Record<string, number> }>
  forgetRequests(): Promise<void>
  /** Any other of its routes, e.g. `login`. */
  play<T>(route: string, body: object): Promise<T>
}

export function controlOf(simulatorUrl: string): Control {
  const send = async (method: string, route: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${simulatorUrl}/__sim/${route}`, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    })
    if (!response.ok) throw new Error(await response.text())
    return response.status === 204 ? null : ((await response.json()) as unknown)
  }
  return {
    reset: async (seed) => void (await send('POST', 'reset', seed ? { seed } : {})),
    faults: async (...rules) => void (await send('POST', 'faults', { rules })),
    onboard: async (solutionId) => (await send('POST', 'onboard', { solution_id: solutionId })) as never,
    webhook: async (appId, body, options = {}) => {
      const { deliveries } = (await send('POST', 'webhooks', { appId, body, ...options })) as {
        deliveries: { status: number }[]
      }
      return deliveries.map(({ status }) => status)
    },
    requests: async () => (await send('GET', 'requests')) as never,
    forgetRequests: async () => void (await send('DELETE', 'requests')),
    play: async (route, body) => (await send('POST', route, body)) as never,
  }
}
