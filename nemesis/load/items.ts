import { keyOf } from './delivery.ts'

/** An event where it stands: in the log or in a stream. */
export interface Entry {
  readonly key: string
  readonly cursor: string
}

export interface Place {
  /** Cursor to go on behind. */
  readonly after: string
  /** Only events of this app; of all when null. */
  readonly appId: string | null
}

/** Only what came by webhook: a gateway that compares with Graph adds its own findings. */
export const filterOf = ({ appId }: Place) => ({ sources: ['WEBHOOK'], ...(appId !== null && { appId }) })

export const subscription = /* GraphQL */ `
  subscription Follow($after: String, $filter: EventFilter) {
    events(after: $after, filter: $filter) {
      __typename
      ... on SolutionEvent {
        cursor
        appId
        solutionId
      }
      ... on StreamHeartbeat {
        cursor
      }
    }
  }
`

export interface Item {
  readonly __typename: string
  readonly cursor?: string
  readonly appId?: string
  readonly solutionId?: string
}

/** A result of the subscription as it comes over the wire. */
export interface Result {
  readonly data?: { readonly events: Item } | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[]
}

/** Null for a heartbeat. What should not come at all becomes an entry that nobody sent. */
export function entryOf({ __typename, cursor = '', appId = '', solutionId = '' }: Item): Entry | null {
  if (__typename === 'StreamHeartbeat') return null
  return { key: __typename === 'SolutionEvent' ? keyOf(appId, solutionId) : __typename, cursor }
}

/** Why a stream ended, in a word or two. */
export const reasonOf = ({ errors = [] }: Pick<Result, 'errors'>): string =>
  errors.map(({ message, extensions }) => extensions?.code ?? message).join(', ')
