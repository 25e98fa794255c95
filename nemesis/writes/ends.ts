/** How a write that was sent ends. */
export interface End {
  readonly name: string
  /** The simulator's fault; null when nothing goes wrong. */
  readonly rule: { readonly kind: string; readonly [key: string]: unknown } | null
  /** What must not be while the write is out: reads do not work either. */
  readonly blind?: true
  /** The gateway is killed while the write is out. */
  readonly killed?: true
}

export const ends: readonly End[] = [
  { name: 'no fault', rule: null },
  { name: 'lost reply', rule: { kind: 'lostReply' } },
  { name: 'half an answer', rule: { kind: 'truncate' } },
  { name: 'reset before', rule: { kind: 'reset' } },
  { name: 'reset after', rule: { kind: 'reset', done: true } },
  { name: '500 before', rule: { kind: 'error', status: 500 } },
  { name: '500 after', rule: { kind: 'error', status: 500, done: true } },
  { name: 'page before', rule: { kind: 'html' } },
  { name: 'page after', rule: { kind: 'html', done: true } },
  { name: 'throttle', rule: { kind: 'throttle', minutes: 1 } },
  { name: 'refusal', rule: { kind: 'error', status: 400, code: 100 } },
  { name: 'token refused', rule: { kind: 'error', status: 400, code: 190 } },
  { name: 'done, and nothing can be read', rule: { kind: 'latency', ms: 300 }, blind: true },
  { name: 'hang before', rule: { kind: 'hang' } },
  { name: 'hang after', rule: { kind: 'hang', done: true } },
  { name: 'hang before, and nothing can be read', rule: { kind: 'hang' }, blind: true },
  { name: 'hang after, and nothing can be read', rule: { kind: 'hang', done: true }, blind: true },
  { name: 'killed before', rule: { kind: 'hang' }, killed: true },
  { name: 'killed after', rule: { kind: 'hang', done: true }, killed: true },
]

/** Who asks. */
export const callers = ['one', 'two at one gateway', 'two at two gateways'] as const
export type Callers = (typeof callers)[number]
