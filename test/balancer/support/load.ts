import { randomUUID } from 'node:crypto'
import { fleetHeaders, type Fleet } from '../../support/fleet.ts'
import { mutationText } from '../../writes/support/mutation-text.ts'
import { luckyShrub, socialOverdrive, type Json } from '../../writes/support/play.ts'

/** What clients of all kinds were told under load. */
export interface Load {
  /** Requests that were answered. */
  readonly answered: number
  /** What no client may see: lost connections, other statuses than 200, errors. */
  readonly errors: readonly string[]
  /** Names of solutions whose creation was answered, with what was answered. */
  readonly created: ReadonlyMap<string, unknown>
  /** Sends no more, and waits for what is under way. */
  stop(): Promise<void>
}

const tickMs = 50

/** So many requests a second, whatever becomes of those before: queries, signups that are told of, and new solutions. */
export function startLoad(fleet: Fleet, perSecond = 100): Load {
  const errors: string[] = []
  const created = new Map<string, unknown>()
  const running = new Set<Promise<void>>()
  let [answered, sent] = [0, 0]
  const run = async (number: number): Promise<void> => {
    const from = new Date().toISOString()
    try {
      await send(fleet, number, created)
      answered++
    } catch (error) {
      const { message, cause } = error as Error
      errors.push(`${from} request ${number}: ${message} ${cause instanceof Error ? cause.message : ''}`)
    }
  }
  const timer = setInterval(() => {
    for (let n = 0; n < (perSecond * tickMs) / 1000; n++) {
      const one = run(sent++).finally(() => running.delete(one))
      running.add(one)
    }
  }, tickMs)
  return {
    get answered() {
      return answered
    },
    errors,
    created,
    stop: async () => {
      clearInterval(timer)
      await Promise.all(running)
    },
  }
}

async function send(fleet: Fleet, number: number, created: Map<string, unknown>): Promise<void> {
  if (number % 50 === 7) return create(fleet, `Solution ${number}`, created)
  if (number % 10 === 3) return tellOfSignup(fleet)
  if (number % 10 === 5) return beAlive()
  await ask(fleet, '{ apps { appId name } }')

  async function beAlive(): Promise<void> {
    const { status } = await fetch(`${fleet.url}/health/live`, { headers: fleetHeaders })
    if (status !== 200) throw new Error(`answered ${status}`)
  }
}

/** Also what is no answer of GraphQL at all is an error here. */
async function ask(fleet: Fleet, query: string, variables: object = {}): Promise<Json> {
  const response = await fetch(`${fleet.url}/graphql`, {
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

async function mutate(fleet: Fleet, field: string, input: object): Promise<Json> {
  return (await ask(fleet, mutationText(field), { input }))[field] as Json
}

async function create(fleet: Fleet, name: string, created: Map<string, unknown>): Promise<void> {
  const answer = await mutate(fleet, 'createSolution', {
    appId: socialOverdrive,
    name,
    partnerAppId: luckyShrub,
    messaging: 'PARTNER',
    idempotencyKey: randomUUID(),
  })
  created.set(name, answer)
  expectKind(answer, 'CreateSolutionPayload')
}

async function tellOfSignup(fleet: Fleet): Promise<void> {
  const message = {
    type: 'WA_EMBEDDED_SIGNUP',
    event: 'CANCEL',
    data: { current_step: 'BUSINESS_SELECTION' },
  }
  const input = { appId: socialOverdrive, idempotencyKey: randomUUID(), message }
  expectKind(await mutate(fleet, 'reportSignupSession', input), 'ReportSignupSessionPayload')
}

function expectKind(answer: Json, kind: string): void {
  if (answer['__typename'] !== kind) throw new Error(`answered ${JSON.stringify(answer)}`)
}
