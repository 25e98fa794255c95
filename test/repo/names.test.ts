import { describe, expect, it } from 'vitest'
import { circlesOf, declaredTwice, parseGateway } from '../support/declarations.ts'

/**
 * A name that two files export means two things, and a reader finds the wrong one. Those that may stay mean one thing: each
 * with its reason.
 */
const mayStay: Readonly<Record<string, string>> = {
  GatewayProblem: 'the data in errors/ and the GraphQL type that shows it',
  GraphApiProblem: 'the data in errors/ and the GraphQL type that shows it',
  InvalidInputProblem: 'the data in errors/ and the GraphQL type that shows it',
  NameReview: 'the data in alerts/ and the GraphQL type that shows it',
  Problem: 'the data in errors/ and the GraphQL interface that shows it',
  ReportedLimits: 'the data in alerts/ and the GraphQL type that shows it',
  ReportedPaymentConfiguration: 'the data in alerts/ and the GraphQL type that shows it',
  ReportedTemplate: 'the data in alerts/ and the GraphQL type that shows it',
  GroupCommit: 'the two stores implement one thing',
}

/** Declared twice today. Only ever shortened; empty at the end. */
const toBeRenamed: readonly string[] = [
  'AssignedUser',
  'CreditCurrency',
  'MessagingSide',
  'Prefill',
  'ReadBack',
  'Restriction',
  'Row',
  'Turn',
  'Verdict',
  'Wish',
  'addNumber',
  'assignUser',
  'createSolution',
  'pageOf',
  'payerOf',
  'statusOf',
]

/** Files that import one another today, types included. Only ever shortened; empty at the end. */
const toBeBroken: readonly string[] = []

const files = parseGateway()
const exportedTwice = declaredTwice(files, ({ exported }) => exported)
const circles = circlesOf(files).map((group) => [...group].sort().join(' '))

describe('the names of the gateway', () => {
  it('export each name from one file only', () => {
    const unexpected = [...exportedTwice].filter(
      ([name]) => !(name in mayStay) && !toBeRenamed.includes(name),
    )
    expect(unexpected).toEqual([])
  })

  it('list no name that is exported once by now', () => {
    expect([...Object.keys(mayStay), ...toBeRenamed].filter((name) => !exportedTwice.has(name))).toEqual([])
  })
})

describe('the imports of the gateway', () => {
  it('lead from no file back to itself, types included', () => {
    expect(circles.filter((circle) => !toBeBroken.includes(circle))).toEqual([])
  })

  it('list no circle that is broken by now', () => {
    expect(toBeBroken.filter((circle) => !circles.includes(circle))).toEqual([])
  })
})
