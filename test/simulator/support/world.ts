import { onTestFinished } from 'vitest'

import { type Seed, type Simulator, startSimulator } from '../../../src/simulator/simulator.ts'

export const lucky = '21202248997039'
export const social = '637576208107267'

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: ReplyBody
}
/** Whatever came back; each test knows what it asked for. */
interface ErrorBody {
  readonly code?: number
  readonly message?: string
  readonly error_user_title?: string
  readonly error_user_msg?: string
  readonly [key: string]: unknown
}
interface ReplyBody {
  readonly error?: ErrorBody
  readonly data?: Record<string, unknown>[]
  readonly [key: string]: unknown
}

export interface Ask {
  (method: string, path: string, token?: string, body?: unknown): Promise<Reply>
}

export interface Play {
  readonly sim: Simulator
  readonly ask: Ask
  readonly control: (method: string, path: string, body?: unknown) => Promise<Reply>
  /** The app's system token, and its app token. */
  readonly system: (appId: string) => string
  readonly appToken: (appId: string) => string
  readonly businessToken: (appId: string, businessId: string) => string
}

export async function play(seed: Seed = {}): Promise<Play> {
  const sim = await startSimulator({ port: 0, seed })
  onTestFinished(() => sim.close())
  const ask: Ask = (method, path, token, body) => send(`${sim.url}${path}`, method, token, body)
  const appOf = (appId: string) => {
    const app = sim.state().apps.find((candidate) => candidate.appId === appId)
    if (app === undefined) throw new Error(`no app ${appId}`)
    return app
  }
  return {
    sim,
    ask,
    control: (method, path, body) => ask(method, `/__sim/${path}`, undefined, body),
    system: (appId) => appOf(appId).systemToken,
    appToken: (appId) => `${appId}|${appOf(appId).appSecret}`,
    businessToken: (appId, businessId) => {
      const tokens = sim.state().tokens.filter((token) => token.kind === 'business')
      const found = tokens.find((token) => token.appId === appId && token.businessId === businessId)
      if (found === undefined) throw new Error(`no business token of ${businessId} for ${appId}`)
      return found.token
    },
  }
}

async function send(url: string, method: string, token?: string, body?: unknown): Promise<Reply> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Reply['body'],
  }
}

const solutionBody = {
  solution_name: 'Social Overdrive with Lucky Shrub',
  partner_app_id: lucky,
  owner_permissions: ['MESSAGING'],
  partner_permissions: [],
}

/** Social Overdrive invites Lucky Shrub. */
export async function createSolution({ ask, system }: Play, body: object = {}): Promise<string> {
  const path = `/v26.0/${social}/whatsapp_business_solution`
  const reply = await ask('POST', path, system(social), { ...solutionBody, ...body })
  return String(reply.body.solution_id)
}

export const codeOf = (reply: Reply): number | undefined => reply.body.error?.code
