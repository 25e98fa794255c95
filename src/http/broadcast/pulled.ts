import type { ExecutionResult } from 'graphql'
import type { StreamPosition } from '../../context.ts'
import type { Outlet } from './outlet.ts'
import type { Shown } from './shown.ts'

type Step = IteratorResult<ExecutionResult, void>

const over: Step = { done: true, value: undefined }

/** For a reader that asks for each item: one small batch at most waits for it. */
export class Pulled implements Outlet {
  readonly #place: StreamPosition
  #waiting: readonly Shown[] = []
  #next = 0
  #asked: PromiseWithResolvers<Step> | null = null
  #wanted: PromiseWithResolvers<void> | null = null
  #end: Promise<Step> | null = null

  constructor(place: StreamPosition) {
    this.#place = place
  }

  get isFree(): boolean {
    return this.#asked !== null
  }

  freed(): Promise<void> {
    if (this.isFree || this.#end) return Promise.resolve()
    this.#wanted ??= Promise.withResolvers()
    return this.#wanted.promise
  }

  take(items: readonly Shown[]): void {
    this.#waiting = items
    this.#next = 0
    const asked = this.#asked
    this.#asked = null
    if (asked) asked.resolve(this.pull())
  }

  pull(): Promise<Step> {
    const item = this.#waiting[this.#next]
    if (item && !this.#end) return Promise.resolve(this.#give(item))
    if (this.#end) return this.#end
    this.#asked ??= Promise.withResolvers()
    this.#letGo()
    return this.#asked.promise
  }

  close(error?: unknown): void {
    if (this.#end) return
    this.#end = error === undefined ? Promise.resolve(over) : Promise.reject(error as Error)
    // Nobody may ask any more.
    this.#end.catch(() => {})
    this.#asked?.resolve(this.#end)
    this.#asked = null
    this.#letGo()
  }

  // The cursor goes with the item that is being sent, not with those behind it.
  #give(item: Shown): Step {
    this.#next++
    this.#place.cursor = item.cursor
    return { done: false, value: item.result }
  }

  #letGo(): void {
    this.#wanted?.resolve()
    this.#wanted = null
  }
}
