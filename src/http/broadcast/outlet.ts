import type { Duplex } from 'node:stream'
import type { ExecutionResult } from 'graphql'
import type { WebSocket } from 'ws'
import type { StreamPosition } from '../../context.ts'

/** The result for one item of a stream: executed once and printed once, for all who subscribe to the same. */
export interface SharedResult {
  readonly seq: number
  readonly cursor: string
  readonly result: ExecutionResult
  /** The result as JSON. */
  readonly text: string
}

export type Batch = readonly SharedResult[]
type Step = IteratorResult<ExecutionResult, void>

const texts = new WeakMap<ExecutionResult, string>()
const over: Step = { done: true, value: undefined }

/** The same text for the same result. */
export function printResult(result: ExecutionResult): string {
  const known = texts.get(result)
  if (known !== undefined) return known
  const { data, errors, extensions } = result
  const text = JSON.stringify({ data, errors, extensions })
  texts.set(result, text)
  return text
}

/** Where the results of one subscriber go: one batch at a time, so that a slow reader has one small batch waiting. */
export abstract class Outlet {
  #isFree: boolean
  #isClosed = false
  #waiting: PromiseWithResolvers<void> | null = null

  constructor(isFree: boolean) {
    this.#isFree = isFree
  }

  /** Whether it takes a batch. */
  get isFree(): boolean {
    return this.#isFree
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Resolves when it is free, or closed. */
  freed(): Promise<void> {
    if (this.#isFree || this.#isClosed) return Promise.resolve()
    this.#waiting ??= Promise.withResolvers()
    return this.#waiting.promise
  }

  /** Only when it is free. */
  take(batch: Batch): void {
    if (this.#isClosed) return
    this.#isFree = false
    this.send(batch)
  }

  /** Nothing more comes: whoever waits for room is let go. */
  close(_error?: unknown): void {
    this.#isClosed = true
    this.#release()
  }

  protected abstract send(batch: Batch): void

  /** To be called when the batch has left. */
  protected free(): void {
    this.#isFree = true
    this.#release()
  }

  #release(): void {
    this.#waiting?.resolve()
    this.#waiting = null
  }
}

/** The results of one operation on a WebSocket, as `next` messages of graphql-transport-ws. */
export class SocketOutlet extends Outlet {
  readonly #socket: WebSocket
  readonly #stream: Duplex
  readonly #head: string

  constructor(socket: WebSocket, stream: Duplex, id: string) {
    super(true)
    this.#socket = socket
    this.#stream = stream
    this.#head = `{"id":${JSON.stringify(id)},"type":"next","payload":`
  }

  // What a socket that has gone cannot take is dropped: its close ends the operations. Corked, a batch leaves at once.
  protected send(batch: Batch): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (batch.length > 1) this.#stream.cork()
    for (const [index, { text }] of batch.entries())
      this.#socket.send(`${this.#head}${text}}`, index === batch.length - 1 ? this.#left : undefined)
    if (batch.length > 1) this.#stream.uncork()
  }

  readonly #left = (): void => this.free()
}

/** The results for a reader that asks for each, as a response of server-sent events does. */
export class PullOutlet extends Outlet {
  readonly #position: StreamPosition
  #batch: Batch = []
  #next = 0
  #asked: PromiseWithResolvers<Step> | null = null
  #end: Promise<Step> | null = null

  constructor(position: StreamPosition) {
    super(false)
    this.#position = position
  }

  /** The next result. The cursor that the position shows is that of the result given last. */
  pull(): Promise<Step> {
    if (this.#end) return this.#end
    const item = this.#batch[this.#next++]
    if (item) {
      this.#position.cursor = item.cursor
      return Promise.resolve({ done: false, value: item.result })
    }
    this.#asked ??= Promise.withResolvers()
    this.free()
    return this.#asked.promise
  }

  override close(error?: unknown): void {
    if (this.isClosed) return
    super.close()
    this.#end = error === undefined ? Promise.resolve(over) : Promise.reject(error as Error)
    // Perhaps nobody asks any more.
    this.#end.catch(() => {})
    this.#answer(this.#end)
  }

  protected send(batch: Batch): void {
    this.#batch = batch
    this.#next = 0
    if (this.#asked) this.#answer(this.pull())
  }

  #answer(step: Promise<Step>): void {
    const asked = this.#asked
    this.#asked = null
    asked?.resolve(step)
  }
}
