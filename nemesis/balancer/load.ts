import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { fleetHeaders, type Fleet } from '../../test/support/fleet.ts'
import { mutationText } from '../../test/writes/support/mutation-text.ts'
import { luckyShrub, socialOverdrive, type Json } from '../../test/writes/support/play.ts'

/** What clients of all kinds were told under load. */
export interface Load {
  /** Requests that were answered. */
  readonly answered: number
  /** Requests without an answer yet. */
  readonly open: number
  /** What no client should see: lost connections, other statuses than 200, errors. */
  readonly errors: string[]
  /** Solutions that were asked for, by name, and whether that was answered as done. */
  readonly solutions: ReadonlyMap<string, boolean>
  /** Signups that were told of, by their number, and whether that was answered as done. */
  readonly signups: ReadonlyMap<string, boolean>
  /** Sends no more, and waits for what is under way. */
  stop(): Promise<void>
}

const tickMs = 50
/** How long a write is sent again under its key, after an error or an answer that says so. */
const patienceMs = 120_000

/** So many requests a second, whatever becomes of those before: queries, signups that are told of, and new solutions. */
export function startLoad(fleet: Fleet, perSecond = 100): Load {
  const sender = new Sender(fleet)
  const running = new Set<Promise<void>>()
  let sent = 0
  const timer = setInterval(() => {
    for (let n = 0; n < (perSecond * tickMs) / 1000; n++) {
      const one = sender.send(sent++).finally(() => running.delete(one))
      running.add(one)
    }
  }, tickMs)
  return {
    get answered() {
      return sender.answered
    },
    get open() {
      return running.size
    },
    errors: sender.errors,
    solutions: sender.solutions,
    signups: sender.signups,
    stop: async () => {
      clearInterval(timer)
      await Promise.all(running)
    },
  }
}

class Sender {
  readonly errors: string[] = []
  readonly solutions = new Map<string, boolean>()
  readonly signups = new Map<string, boolean>()
  answered = 0
  readonly #fleet: Fleet

  constructor(fleet: Fleet) {
    this.#fleet = fleet
  }

  async send(number: number): Promise<void> {
    if (number % 50 === 7) return this.#create(`Solution ${number}`)
    if (number % 10 === 3) return this.#tellOfSignup(String(number))
    await this.#try(() => (number % 10 === 5 ? this.#live() : this.#ask('{ apps { appId name } }')))
  }

  /** Null when there was no answer, or one that is an error. */
  async #try(call: () => Promise<Json>): Promise<Json | null> {
    const from = new Date().toISOString()
    try {
      const answer = await call()
      this.answered++
      return answer
    } catch (error) {
      const { message, cause } = error as Error
      this.errors.push(`sent ${from}: ${message} ${cause instanceof Error ? cause.message : ''}`)
      return null
    }
  }

  async #create(name: string): Promise<void> {
    const input = { appId: socialOverdrive, name, partnerAppId: luckyShrub, messaging: 'PARTNER' }
    this.solutions.set(name, false)
    this.solutions.set(name, await this.#write('createSolution', input))
  }

  async #tellOfSignup(error_code: string): Promise<void> {
    const message = { type: 'WA_EMBEDDED_SIGNUP', event: 'ERROR', data: { error_code } }
    this.signups.set(error_code, false)
    this.signups.set(
      error_code,
      await this.#write('reportSignupSession', { appId: socialOverdrive, message }),
    )
  }

  /** A client that has no answer, or one that says so, asks again with the same key. False when it has to give up. */
  async #write(field: string, given: object): Promise<boolean> {
    const input = { ...given, idempotencyKey: randomUUID() }
    const until = performance.now() + patienceMs
    while (performance.now() < until) {
      const answer = await this.#try(() => this.#mutate(field, input))
      if (String(answer?.['__typename']).endsWith('Payload')) return true
      if (answer) this.errors.push(`answered ${JSON.stringify(answer)}`)
      await sleep(500)
    }
    return false
  }

  async #mutate(field: string, input: object): Promise<Json> {
    return (await this.#ask(mutationText(field), { input }))[field] as Json
  }

  /** Also what is no answer of GraphQL at all is an error here. */
  async #ask(query: string, variables: object = {}): Promise<Json> {
    const response = await fetch(`${this.#fleet.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...fleetHeaders },
      body: JSON.stringify({ query, variables }),
    })
    const text = await response.text()
    if (response.status !== 200) throw new Error(`answered ${response.status}: ${text.slice(0, 300)}`)
    const { data, errors } = JSON.parse(text) as { data?: Json; errors?: unknown }
    if (!data || errors) throw new Error(text.slice(0, 300))
    return data
  }

  async #live(): Promise<Json> {
    const response = await fetch(`${this.#fleet.url}/health/live`)
    if (response.status !== 200) throw new Error(`answered ${response.status}`)
    return (await response.json()) as Json
  }
}
