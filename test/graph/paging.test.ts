import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { pageShape, removePagingLinks } from '../../src/graph/paging.ts'

const page = pageShape(z.object({ id: z.string() }))
const cursors = { before: 'QVFIb', after: 'QVFIa' }
const next = 'https://graph.facebook.com/v26.0/1/x?access_token=EAAG&after=QVFIa'

describe('a page', () => {
  test('has a cursor to go on from only when Graph announces more', () => {
    expect(page.parse({ data: [{ id: '1' }], paging: { cursors } }).after).toBeNull()
    expect(page.parse({ data: [{ id: '1' }], paging: { cursors, next } }).after).toBe('QVFIa')
  })

  test('that is empty is not the end when there is more', () => {
    expect(page.parse({ data: [], paging: { cursors, next } })).toEqual({ data: [], after: 'QVFIa' })
  })

  test('without paging is the last one', () => {
    expect(page.parse({ data: [] })).toEqual({ data: [], after: null })
    expect(page.parse({ data: [], paging: null })).toEqual({ data: [], after: null })
  })

  test.each([undefined, {}, { after: '' }, { after: 'a){x' }, { after: 7 }])(
    'that announces more without a usable cursor (%j) is refused rather than taken for the last',
    (bad) => {
      expect(page.safeParse({ data: [], paging: { cursors: bad, next } }).success).toBe(false)
    },
  )

  test('without data is no page', () => {
    expect(page.safeParse({ paging: { cursors } }).success).toBe(false)
  })
})

describe('links in an answer', () => {
  test('go away at every depth, and that there was one stays', () => {
    const answer = {
      data: [{ edge: { data: [], paging: { cursors, next, previous: next } } }],
      paging: { next },
    }
    removePagingLinks(answer)
    expect(JSON.stringify(answer)).not.toContain('access_token')
    expect(answer.paging.next).toBe('[removed]')
    expect(answer.data[0]?.edge.paging).toEqual({ cursors, next: '[removed]', previous: '[removed]' })
  })

  test('are looked for without recursion', () => {
    let deep: unknown = { paging: { next } }
    for (let depth = 0; depth < 200_000; depth++) deep = [deep]
    removePagingLinks(deep)
    while (Array.isArray(deep)) deep = deep[0]
    expect(deep).toEqual({ paging: { next: '[removed]' } })
  })
})
