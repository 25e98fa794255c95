import { z } from 'zod'
import { judgeReply, parseBody } from '../answer.ts'
import { GraphError } from '../error.ts'
import type { HttpReply } from '../transport.ts'
import type { HeaderBag } from '../usage.ts'

/** An item's reply as if it had come alone; null when Graph did not finish it, an error when it is none at all. */
export type BatchItem = HttpReply | GraphError | null

const headersShape = z
  .array(
    z
      .looseObject({ name: z.string().max(200), value: z.string() })
      .nullable()
      .catch(null),
  )
  .nullish()
  .catch(null)
const itemShape = z.looseObject({
  code: z.int().min(100).max(599),
  headers: headersShape,
  // Only a string is shown; an empty item has none.
  body: z.string().nullish(),
})

/** Reads the outer answer of a batch: developers.facebook.com/docs/graph-api/batch-requests */
export function readBatchAnswer(
  reply: HttpReply,
  count: number,
  secrets: readonly string[],
): readonly BatchItem[] {
  const answer = parseBody(reply.text)
  const refusal = judgeReply(answer, reply, secrets)
  if (refusal !== null) throw refusal
  if (Array.isArray(answer) && answer.length === count) return answer.map(readItem)
  throw new GraphError('malformed', 'Graph did not answer each item of a batch.', {
    httpStatus: reply.status,
  })
}

function readItem(item: unknown): BatchItem {
  if (item === null) return null
  const { success, data } = itemShape.safeParse(item)
  if (!success) return new GraphError('malformed', "An item of Graph's batch answer is none.")
  return { status: data.code, headers: bagOf(data.headers), text: data.body ?? '' }
}

function bagOf(rows: z.output<typeof headersShape>): HeaderBag {
  return Object.fromEntries(
    (rows ?? []).flatMap((row) => (row === null ? [] : [[row.name.toLowerCase(), row.value] as const])),
  )
}
