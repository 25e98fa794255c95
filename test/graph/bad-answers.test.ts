import { describe, expect, test } from 'vitest'
import { BAD_ANSWERS } from './support/bad-answers.ts'
import { client, credential, failureOf, read, write } from './support/client.ts'
import { startUpstream } from './support/upstream.ts'

// Short only where silence is the answer, so that a slow machine does not turn another failure into a timeout.
const deadlineFor = (kind: string) => ({ deadlineMs: kind === 'timeout' ? 250 : 10_000 })

describe.each(BAD_ANSWERS)('$name', ({ answer, kind, tries, unknown }) => {
  test(`is ${kind} for a read, after ${tries} of at most three tries`, async () => {
    const upstream = await startUpstream(answer)
    const graph = client(upstream.url, deadlineFor(kind))
    const error = await failureOf(read(graph))
    expect(error).toMatchObject({ kind, outcomeUnknown: false })
    expect(upstream.seen).toHaveLength(tries)
    expect(JSON.stringify([error.message, error])).not.toContain(credential.token)
  })

  test(`is ${kind} for a write, which is sent once and ${unknown ? 'may' : 'did not'} happen`, async () => {
    const upstream = await startUpstream(answer)
    const graph = client(upstream.url, deadlineFor(kind))
    const error = await failureOf(write(graph))
    expect(error).toMatchObject({ kind, outcomeUnknown: unknown })
    expect(upstream.seen.map((seen) => seen.method)).toEqual(['POST'])
  })
})
