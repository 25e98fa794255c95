import { filterOf, reasonOf, subscription, type Item, type Place, type Result } from './items.ts'
import type { Open } from './stream.ts'

/** Follows the log over server-sent events, going on by `Last-Event-ID` as a browser does. */
export const openSseByHeader: Open = (url, place, onItem) => open(url, place, 'header', onItem)

/** The same, going on by `after`. */
export const openSse: Open = (url, place, onItem) => open(url, place, 'argument', onItem)

function open(
  url: string,
  place: Place,
  by: 'header' | 'argument',
  onItem: (item: Item) => void,
): ReturnType<Open> {
  const leave = new AbortController()
  const over = follow(request(url, place, by, leave.signal), (item) => {
    if (!leave.signal.aborted) onItem(item)
  }).catch((error: unknown) => (leave.signal.aborted ? 'left' : reasonFrom(error)))
  return { over, close: () => leave.abort() }
}

function request(url: string, place: Place, by: 'header' | 'argument', signal: AbortSignal) {
  const filter = filterOf(place)
  const variables = by === 'argument' ? { after: place.after, filter } : { filter }
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(by === 'header' && { 'last-event-id': place.after }),
    },
    body: JSON.stringify({ query: subscription, variables }),
    signal,
  })
}

async function follow(request: Promise<Response>, onItem: (item: Item) => void): Promise<string> {
  const { status, body } = await request
  if (!body) return `answered ${status} without a body`
  let [rest, reason] = ['', null as string | null]
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const frames = (rest + chunk).split('\n\n')
    rest = frames.pop() ?? ''
    for (const frame of frames) {
      if (reason === null) reason = take(frame, onItem)
      else if (!isEnd(frame)) {
        onItem(behind(reason, frame))
        return reason
      }
    }
  }
  return reason ?? (status === 200 ? 'ended' : `answered ${status}: ${rest}`)
}

const isEnd = (frame: string): boolean => frame.startsWith('event: complete')

/** Nothing but the end of the response may come behind an error: what does is told as something that nobody sent. */
const behind = (reason: string, frame: string): Item => ({
  __typename: `behind ${reason}: ${frame.slice(0, 200)}`,
})

/** The reason to end, if there is one. */
function take(frame: string, onItem: (item: Item) => void): string | null {
  const line = (name: string): string | undefined =>
    frame
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2)
  if (isEnd(frame)) return 'complete'
  const data = line('data')
  if (data === undefined) return null
  const result = JSON.parse(data) as Result
  // A client goes on from the id: it has to be the item's own cursor.
  if (!result.data) return reasonOf(result)
  onItem({ ...result.data.events, cursor: line('id') ?? 'no id' })
  return null
}

function reasonFrom(error: unknown): string {
  const { cause, message } = error as Error
  return (cause as { code?: string } | undefined)?.code ?? message
}
