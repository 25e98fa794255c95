import type { z } from 'zod'
import { post, type Endpoint } from '../endpoint.ts'
import { doneShape } from './done.ts'

type Done = z.infer<typeof doneShape>

export interface Override {
  readonly callbackUri: string
  readonly verifyToken: string
}

/**
 * POST /{waba}/subscribed_apps subscribes the app that the token was issued to. Without an override it takes an
 * override away that is set: Meta's page "Override webhooks".
 */
export const subscribeApp = (wabaId: string, override: Override | null): Endpoint<Done> => ({
  ...post(
    [wabaId, 'subscribed_apps'],
    override
      ? { override_callback_uri: override.callbackUri, verify_token: override.verifyToken }
      : undefined,
    doneShape,
    'business',
  ),
  ...(override && { secrets: [override.verifyToken] }),
})

export const unsubscribeApp = (wabaId: string): Endpoint<Done> => ({
  method: 'DELETE',
  path: [wabaId, 'subscribed_apps'],
  token: 'business',
  expect: doneShape,
})
