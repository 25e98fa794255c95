/** Types that have a global id. */
const nodeTypes = [
  'App',
  'Solution',
  'Partner',
  'ClientWaba',
  'Business',
  'PhoneNumber',
  'CreditLine',
  'CreditAllocation',
  'SolutionEvent',
  'ClientWabaEvent',
  'AccountAlertEvent',
  'SignupSessionEvent',
  'CreditEvent',
  'OtherEvent',
] as const
export type NodeType = (typeof nodeTypes)[number]

export type ParsedId = { readonly id: string } | { readonly problem: string }

const metaId = /^[0-9]{1,20}$/

/** An opaque, typed id: base64url of `Type:key`. */
export function toGlobalId(type: NodeType, key: string): string {
  return Buffer.from(`${type}:${key}`).toString('base64url')
}

/** The type and key of a global id, or null when it is none. */
export function fromGlobalId(globalId: string): { type: NodeType; key: string } | null {
  const text = Buffer.from(globalId, 'base64url').toString('latin1')
  const [, name, key] = /^([A-Za-z]{1,20}):([0-9:]{1,50})$/.exec(text) ?? []
  const type = nodeTypes.find((known) => known === name)
  return type && key && toGlobalId(type, key) === globalId ? { type, key } : null
}

/** Reads an argument that takes a global id of one type or a bare Meta id. */
export function parseId(type: NodeType, text: string): ParsedId {
  if (metaId.test(text)) return { id: text }
  const global = fromGlobalId(text)
  if (global && global.type !== type)
    return {
      problem: `This is the id of ${withArticle(global.type)}; the id of ${withArticle(type)} is expected.`,
    }
  if (global && metaId.test(global.key)) return { id: global.key }
  return { problem: `Expected the id of ${withArticle(type)}: a global id or Meta's numeric id.` }
}

function withArticle(type: NodeType): string {
  return `${/^[AO]/.test(type) ? 'an' : 'a'} ${type}`
}
