/** Types whose fields depend on who looks: their ids name the app of ours that sees them. */
const viewedTypes = [
  'App',
  'Solution',
  'Partner',
  'ClientWaba',
  'Business',
  'PhoneNumber',
  'CreditLine',
  'CreditAllocation',
  'DeadLetter',
] as const
const eventTypes = [
  'SolutionEvent',
  'ClientWabaEvent',
  'AccountAlertEvent',
  'SignupSessionEvent',
  'CreditEvent',
  'OtherEvent',
] as const
export type ViewedType = (typeof viewedTypes)[number]
export type GlobalType = ViewedType | (typeof eventTypes)[number]

/** What a global id says. */
interface GlobalId {
  readonly type: GlobalType
  readonly key: string
  /** The app that sees it; null of an event, and in ids that were given out before they named it. */
  readonly appId: string | null
}

export type ParsedId = { readonly id: string; readonly appId: string | null } | { readonly problem: string }

const metaId = /^[0-9]{1,20}$/

/** An opaque, typed id: base64url of `Type:key@app`, and of `Type:key` for an event, which no app sees differently. */
export function toGlobalId(type: GlobalType, key: string, appId: string | null = null): string {
  return textToId(appId === null ? `${type}:${key}` : `${type}:${key}@${appId}`)
}

const textToId = (text: string): string => Buffer.from(text).toString('base64url')

/** An event has its position, whichever type tells it: an instance of a newer release may have one that is not known here. */
const typeOfNewerEvent = (name: string | undefined, appId: string | null): 'OtherEvent' | undefined =>
  appId === null && name?.endsWith('Event') ? 'OtherEvent' : undefined

/** What a global id says, or null when it is none. */
export function fromGlobalId(globalId: string): GlobalId | null {
  const text = Buffer.from(globalId, 'base64url').toString('latin1')
  const [, name, key, appId = null] =
    /^([A-Za-z]{1,40}):([0-9]{1,20}(?::[0-9]{1,20})?)(?:@([0-9]{1,20}))?$/.exec(text) ?? []
  const types = appId === null ? [...viewedTypes, ...eventTypes] : viewedTypes
  const type = types.find((known) => known === name) ?? typeOfNewerEvent(name, appId)
  if (!type || !key || key.includes(':') !== (type === 'Partner')) return null
  return textToId(`${name}:${key}${appId === null ? '' : `@${appId}`}`) === globalId
    ? { type, key, appId }
    : null
}

/** Reads an argument that takes a global id of one type or a bare Meta id. */
export function parseId(type: GlobalType, text: string): ParsedId {
  if (metaId.test(text)) return { id: text, appId: null }
  const global = fromGlobalId(text)
  if (global && global.type !== type)
    return {
      problem: `This is the id of ${withArticle(global.type)}; the id of ${withArticle(type)} is expected.`,
    }
  if (global && metaId.test(global.key)) return { id: global.key, appId: global.appId }
  return { problem: `Expected the id of ${withArticle(type)}: a global id or Meta's numeric id.` }
}

function withArticle(type: GlobalType): string {
  return `${/^[AO]/.test(type) ? 'an' : 'a'} ${type}`
}
