import { randomBytes } from 'node:crypto'
import type { JsonObject } from '../json.ts'

export const newTrace = (): string => `A${randomBytes(16).toString('base64url')}`

interface Details {
  readonly type?: string
  readonly subcode?: number
  readonly title?: string
  readonly userMessage?: string
  readonly transient?: boolean
  /** `error_data.details` of Cloud API refusals. */
  readonly cloud?: string
  /** HTTP status, where it is not the one that goes with the code. */
  readonly status?: number
}

/** A refusal in Graph's envelope ("Handle errors" guide). Clients are to go by `code`. */
export class GraphError extends Error {
  readonly code: number
  readonly details: Details

  constructor(code: number, message: string, details: Details = {}) {
    super(message)
    this.code = code
    this.details = details
  }
}

/** Graph answers 400 for nearly every code; 1 and 2 are its own failures. */
export const statusOf = (code: number): number => (code === 1 || code === 2 ? 500 : 400)

export function envelope({ code, message, details }: GraphError): JsonObject {
  return {
    error: {
      message,
      type: details.type ?? 'OAuthException',
      code,
      error_subcode: details.subcode,
      is_transient: details.transient,
      error_data:
        details.cloud === undefined ? undefined : { messaging_product: 'whatsapp', details: details.cloud },
      error_user_title: details.title,
      error_user_msg: details.userMessage,
      fbtrace_id: newTrace(),
    },
  }
}

export const invalid = (message: string): GraphError => new GraphError(100, `(#100) ${message}`)

export const missing = (name: string): GraphError => invalid(`The parameter ${name} is required.`)

export const unknownField = (name: string, type: string): GraphError =>
  invalid(`Tried accessing nonexisting field (${name}) on node type (${type})`)

/** One answer for "no such thing" and "not yours", as public test suites record it. */
export const notFound = (id: string, method = 'GET'): GraphError =>
  new GraphError(
    100,
    `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to ` +
      'missing permissions, or does not support this operation.',
    { type: 'GraphMethodException', subcode: 33 },
  )

/** Meta's error page gives 803 to aliases it does not know. */
export const unknownAlias = (alias: string): GraphError =>
  new GraphError(803, `(#803) Some of the aliases you requested do not exist: ${alias}`)

export const unknownPath = (path: string): GraphError =>
  new GraphError(2500, `Unknown path components: ${path}`)

export const forbidden = (why: string): GraphError => new GraphError(200, `(#200) ${why}`)

/** Cloud API says in `error_data` what was wrong (Meta's page "Error codes"). */
export const cloudError = (
  code: number,
  what: string,
  details: string,
  forPeople: Pick<Details, 'title' | 'userMessage' | 'subcode'> = {},
): GraphError => new GraphError(code, `(#${code}) ${what}`, { cloud: details, ...forPeople })

export const badToken = (): GraphError =>
  new GraphError(190, 'Invalid OAuth access token - Cannot parse access token')

export const noToken = (): GraphError =>
  new GraphError(104, 'An access token is required to request this resource.')

/** Graph's refusal as it was thrown, or for anything else code 1 with what went wrong in the simulator. */
export function asGraphError(error: unknown): GraphError {
  if (error instanceof GraphError) return error
  return new GraphError(
    1,
    `(#1) The simulator failed: ${error instanceof Error ? error.message : 'unknown error'}`,
  )
}

export const tooMuch = (): GraphError =>
  new GraphError(1, "Please reduce the amount of data you're asking for, then retry your request")

/** A refused step of a solution's life, with the words for a person that Graph has room for. */
export const refused = (code: 100 | 200, why: string): GraphError =>
  new GraphError(code, `(#${code}) ${why}`, {
    title: code === 200 ? 'Not allowed for this app' : 'Not possible in this state',
    userMessage: why,
  })
