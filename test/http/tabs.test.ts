import { describe, expect, it } from 'vitest'
import { readTabs } from '../../src/http/tabs.ts'

const commandsOf = (graphUrl: string): string[] =>
  readTabs(graphUrl).flatMap(({ query }) => query.match(/http:\/\/\S+(?=\/__sim)/g) ?? [])

describe('commands in the tabs of GraphiQL', () => {
  it.each([
    ['http://127.0.0.1:5401', 'http://127.0.0.1:5401'],
    ['http://localhost:5401/', 'http://localhost:5401'],
    ['https://graph.facebook.com', 'http://127.0.0.1:4001'],
  ])('with %s as the Graph API go to a simulator at %s', (graphUrl, simulator) => {
    expect(new Set(commandsOf(graphUrl))).toEqual(new Set([simulator]))
  })
})
