import { forbidden, invalid } from '../graph/error.ts'
import { type Params, requiredText, text } from '../graph/params.ts'
import { knownFields } from '../webhooks/subscriptions.ts'
import type { Route, RouteCall } from './route.ts'
import { success } from './success.ts'

const onlyObject = 'whatsapp_business_account'

/** Meta's page "Webhooks, subscriptions edge": the app's own token, `{app-id}|{app-secret}`. */
function guard({ scope: { caller }, id }: RouteCall): void {
  if (caller.kind !== 'app' || caller.app.id !== id) throw forbidden('This edge needs the app access token')
}

function fieldsOf(params: Params): string[] {
  const given = params.get('fields')
  const names = Array.isArray(given) ? given.map(String) : (text(params, 'fields') ?? '').split(',')
  const fields = names.map((name) => name.trim()).filter((name) => name !== '')
  const odd = fields.find((name) => !knownFields.includes(name))
  if (odd !== undefined) throw invalid(`Param fields[0] must be one of {${knownFields.join(', ')}}`)
  return fields
}

function objectOf(object: string): typeof onlyObject {
  if (object !== onlyObject) throw invalid(`Param object must be ${onlyObject} (the only one simulated)`)
  return object
}

/** Replaces what was there, after the callback has proven itself. */
export const subscribe: Route = async (call) => {
  guard(call)
  const { params, scope, id } = call
  const [callbackUrl, verifyToken] = [
    requiredText(params, 'callback_url'),
    requiredText(params, 'verify_token'),
  ]
  const subscription = { object: objectOf(requiredText(params, 'object')), callbackUrl, verifyToken }
  const fields = fieldsOf(params)
  await scope.sim.verify(callbackUrl, verifyToken)
  scope.sim.subscriptions.set(id, { ...subscription, fields })
  return success()
}

/** With `fields` only these go; without, the whole subscription. */
export const unsubscribe: Route = (call) => {
  guard(call)
  const { scope, id, params } = call
  objectOf(text(params, 'object') ?? onlyObject)
  const [current, gone] = [scope.sim.subscriptions.get(id), fieldsOf(params)]
  const left = gone.length === 0 ? [] : (current?.fields.filter((name) => !gone.includes(name)) ?? [])
  if (current === undefined || left.length === 0) scope.sim.subscriptions.delete(id)
  else scope.sim.subscriptions.set(id, { ...current, fields: left })
  return success()
}
