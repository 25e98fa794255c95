import { describe, expect, it } from 'vitest'
import { circlesOf, declaredTwice, parseGateway } from '../support/declarations.ts'

const files = parseGateway()

describe('the names of the gateway', () => {
  it('mean one thing: no two files export the same one', () => {
    expect([...declaredTwice(files, ({ exported }) => exported)]).toEqual([])
  })
})

describe('the imports of the gateway', () => {
  it('lead from no file back to itself, types included', () => {
    expect(circlesOf(files)).toEqual([])
  })
})
