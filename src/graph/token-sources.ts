import type { AppConfig } from '../config/config.ts'
import type { ReadOutcome } from './batch/read-batches.ts'
import type { CallOptions, Endpoint, GraphRequest } from './endpoint.ts'
import { businessToken, type BusinessToken } from './endpoints/solutions.ts'
import { fetchCustomerToken } from './endpoints/tokens.ts'
import { GraphError } from './error.ts'
import { type Customer, systemCredential } from './viewer.ts'

interface AskedFor {
  readonly app: AppConfig
  readonly cost: Pick<CallOptions, 'tally' | 'priority'>
}

/** The vault may have a token that Graph does not give: that Graph has none is not final. */
export const unsure = (error: GraphError): GraphError =>
  error.transient
    ? error
    : new GraphError('unavailable', "Whether the customer's token is in the store cannot be told now.", {
        transient: true,
      })

// The guide "Multi-Partner Solutions" has the first, for customers of a solution.
export const firstSource = ({ solutionId, businessId }: Customer): Endpoint<BusinessToken> =>
  solutionId === null ? fetchCustomerToken(businessId) : businessToken(solutionId, businessId)

export const secondSource = ({ businessId }: Customer): Endpoint<BusinessToken> =>
  fetchCustomerToken(businessId)

/** Asked with the app's own token. */
export function askingFor({ app, cost }: AskedFor, endpoint: Endpoint<BusinessToken>): GraphRequest<unknown> {
  const { token: _, ...call } = endpoint
  return { ...call, ...cost, credential: systemCredential(app) }
}

/** Whether another source may have the token: this one knows nothing of the customer, or does not tell us. */
export function worthAsking(outcome: ReadOutcome): boolean {
  if ('value' in outcome || outcome.shared) return false
  const { kind } = outcome.error
  return kind === 'not-found' || kind === 'permission' || kind === 'invalid' || kind === 'declined'
}

/** Why there is no token: a refusal is final, while trouble on the way stays what it is and may pass. */
export function asTokenError(error: GraphError): GraphError {
  switch (error.kind) {
    case 'token':
    case 'permission':
    case 'not-found':
    case 'invalid':
    case 'declined':
    case 'input':
    case 'malformed':
    case 'too-large':
      return new GraphError('token', `The customer's business token cannot be had. ${error.message}`, {
        ...error,
        transient: false,
        waitsFor: turnOf(error),
      })
    case 'throttled':
    case 'unavailable':
    case 'timeout':
    case 'network':
    case 'aborted':
      return error
  }
}

/** Who has no token for us has not let the app in. What is wrong with our own token or our permissions, we put right. */
function turnOf({ kind, code, waitsFor }: GraphError): GraphError['waitsFor'] {
  const isOurs = kind === 'token' || code === 3 || code === 10
  return isOurs || !['permission', 'not-found', 'invalid', 'declined'].includes(kind) ? waitsFor : 'CUSTOMER'
}
