import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { acceptsOnboarding, solutionStatus, solutionStatuses } from '../../src/solutions/lifecycle.ts'

describe('the status of a solution', () => {
  it.each([
    ['DRAFT', 'NONE', 'DRAFT'],
    ['INITIATED', 'PENDING_ACTIVATION', 'INITIATED'],
    ['INITIATED', 'NONE', 'INITIATED'],
    ['PENDING', 'NONE', 'INITIATED'],
    ['ACTIVE', 'NONE', 'ACTIVE'],
    ['ACTIVE', 'PENDING_DEACTIVATION', 'PENDING_DEACTIVATION'],
    ['PENDING_DEACTIVATION', 'NONE', 'PENDING_DEACTIVATION'],
    ['PENDING_DEACTIVATION', 'PENDING_DEACTIVATION', 'PENDING_DEACTIVATION'],
    ['REJECTED', 'NONE', 'REJECTED'],
    ['DEACTIVATED', 'NONE', 'DEACTIVATED'],
    ['DEACTIVATED', 'PENDING_DEACTIVATION', 'DEACTIVATED'],
  ])('is, of %s with %s pending, %s', (status, pending, expected) => {
    expect(solutionStatus(status, pending)).toBe(expected)
  })

  it('reads a missing request as none', () => {
    expect(solutionStatus('ACTIVE', undefined)).toBe('ACTIVE')
    expect(solutionStatus('ACTIVE', null)).toBe('ACTIVE')
  })

  it('is UNKNOWN for whatever Meta has not documented, and never anything outside its own list', () => {
    expect(solutionStatus('ARCHIVED', 'NONE')).toBe('UNKNOWN')
    expect(solutionStatus('ACTIVE', 'PENDING_SALE')).toBe('UNKNOWN')
    expect(solutionStatus(undefined, undefined)).toBe('UNKNOWN')
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string()), (status, pending) =>
        solutionStatuses.includes(solutionStatus(status, pending)),
      ),
    )
  })

  it('accepts onboarding while active, also while a deactivation waits for its answer', () => {
    expect(solutionStatuses.filter(acceptsOnboarding)).toEqual(['ACTIVE', 'PENDING_DEACTIVATION'])
  })
})
