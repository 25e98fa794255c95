import type { ExecutionResult } from 'graphql'
import type { EventStream } from '../../feed/event-stream.ts'
import { Lagged } from '../../feed/stream-item.graphql.ts'
import type { StreamPosition } from '../../context.ts'
import type { Audience } from './audience.ts'
import { Listener } from './listener.ts'
import type { Outlet } from './outlet.ts'
import { Pulled } from './pulled.ts'

export type Results = AsyncIterableIterator<ExecutionResult, void>
export type Enter = () => Audience

const over = { done: true, value: undefined } as const

/** The items, for who asks for one after the other. */
export function pulled(stream: EventStream, enter: Enter, place: StreamPosition): Results {
  const outlet = new Pulled(place)
  return resultsOf(outlet, opener(stream, enter, outlet), () => outlet.pull())
}

/** No items, as they go to the outlet by themselves: only the end. */
export function pushed(stream: EventStream, enter: Enter, outlet: Outlet): Results {
  return resultsOf(outlet, opener(stream, enter, outlet), (listener) => listener.ended.then(() => over))
}

/** Begins when it is asked for first: a stream that nobody reads costs nothing. */
function opener(stream: EventStream, enter: Enter, outlet: Outlet) {
  let listener: Listener | null = null
  return {
    open: (): Listener => (listener ??= begin(enter(), outlet, stream)),
    end: (): void => listener?.end(),
  }
}

function begin(audience: Audience, outlet: Outlet, { from, lagsTo }: EventStream): Listener {
  const listener = new Listener(audience, outlet, from)
  // Who pulls is told by the outlet.
  listener.ended.catch(() => {})
  audience.add(listener)
  listener.begin(() => (lagsTo === null ? null : audience.showOne(new Lagged(lagsTo))))
  return listener
}

function resultsOf(
  outlet: Outlet,
  { open, end }: ReturnType<typeof opener>,
  next: (listener: Listener) => Promise<IteratorResult<ExecutionResult, void>>,
): Results {
  let isLeft = false
  const leave = (): void => {
    isLeft = true
    end()
    outlet.close()
  }
  // Told once: who goes on to ask after a failure would ask for ever.
  const fail = (error: unknown): never => {
    leave()
    throw error
  }
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    next: () => (isLeft ? Promise.resolve(over) : next(open()).catch(fail)),
    return() {
      leave()
      return Promise.resolve(over)
    },
    throw(error) {
      leave()
      return Promise.reject(error as Error)
    },
  }
}
