import { readdirSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLossless } from '../../src/lib/json.ts'
import { eventsOfPost } from '../../src/webhooks/events.ts'
import { readPost } from '../../src/webhooks/envelope.ts'
import { person, readablePosts } from './support/people.ts'

const fixtures = new URL('../fixtures/webhooks/', import.meta.url)
const documented = readdirSync(fixtures).flatMap((file) => {
  const post = parseLossless(readFileSync(new URL(file, fixtures), 'utf8')) as {
    entry: { changes: { field: string; value: object }[] }[]
  }
  return post.entry.flatMap(({ changes }) => changes)
})
const posts = readablePosts(documented).map((post) => Buffer.from(JSON.stringify(post)))
const arrival = { appId: '1', receivedAt: 0, fingerprint: () => 'x' }

/** Cut at one place, and with some bytes in the place of others. */
const broken = fc
  .record({
    post: fc.constantFrom(...posts),
    cut: fc.double({ min: 0, max: 1, noNaN: true }),
    swaps: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { maxLength: 4 }),
  })
  .map(({ post, cut, swaps }) => {
    const bytes = Buffer.from(post.subarray(0, Math.ceil(post.length * cut)))
    for (const [at, byte] of swaps) bytes[Math.floor(at * bytes.length)] = byte
    return bytes
  })

describe('a post about people, wherever it is cut and whatever has become of its bytes', () => {
  it('leaves nothing of them in an event', async () => {
    await fc.assert(
      fc.asyncProperty(broken, async (bytes) => {
        const kept = JSON.stringify(eventsOfPost(await readPost(bytes), arrival))
        for (const word of Object.values(person)) expect(kept).not.toContain(word)
      }),
      { numRuns: 5000 },
    )
  })
})
