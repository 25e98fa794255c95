declare module 'autocannon' {
  interface Request {
    method: 'GET' | 'POST'
    headers: Record<string, string>
    body: string
  }
  interface Options {
    url: string
    connections: number
    duration: number
    requests: (Request & { setupRequest(request: Request): Request })[]
  }
  interface Result {
    '2xx': number
    errors: number
    timeouts: number
    non2xx: number
    /** Seconds. */
    duration: number
    /** Milliseconds. */
    latency: { p50: number; p99: number }
  }
  export default function autocannon(options: Options): Promise<Result>
}
