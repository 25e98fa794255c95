import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isGraphId } from '../../src/graph/shapes.ts'
import { anyObject, client, credential, failureOf } from './support/client.ts'
import { sendJson, startUpstream } from './support/upstream.ts'

const HOSTILE = [
  '123/subscribed_apps',
  '../v1.0/me',
  '..%2fme',
  '123?fields=access_token',
  '123#',
  '@evil.example/',
  '//evil.example/x',
  '1\r\nX:y',
  '１２３',
  '123\0',
  '"123 "',
  '123 ',
  '123\n',
  '{result=a:$.access_token}',
  '',
  '.',
  '..',
  '123456789012345678901',
]

describe('a Graph id', () => {
  test('is one to twenty ASCII digits', () => {
    expect(isGraphId('0')).toBe(true)
    expect(isGraphId('12345678901234567890')).toBe(true)
    expect(isGraphId(123)).toBe(false)
  })

  test('is nothing else, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 24 }), (text) => {
        const digits =
          text.length >= 1 && text.length <= 20 && [...text].every((c) => '0123456789'.includes(c))
        expect(isGraphId(text)).toBe(digits)
      }),
      { numRuns: 2000 },
    )
  })

  test.each(HOSTILE)('%j is refused as an id, and as a segment reaches no socket', async (id) => {
    const upstream = await startUpstream((response) => sendJson(response, 200, {}))
    const graph = client(upstream.url)
    const asSegment = graph.request({ method: 'GET', path: [id, 'partners'], credential, expect: anyObject })
    expect((await failureOf(asSegment)).kind).toBe('input')
    expect(isGraphId(id)).toBe(false)
    expect(upstream.sockets()).toBe(0)
  })
})
