import { describe, expect, it } from 'vitest'
import { GraphError, outcomeOf, unlessRefused } from '../../src/graph/error.ts'

const failing = async (error: Error): Promise<string> => Promise.reject(error)

describe('the outcome of a call', () => {
  it('is its value or what Graph said, and never a mistake of ours', async () => {
    const error = new GraphError('invalid', 'no')
    expect(await outcomeOf(Promise.resolve('yes'))).toEqual({ value: 'yes' })
    expect(await outcomeOf(failing(error))).toEqual({ error })
    await expect(outcomeOf(failing(new TypeError('ours')))).rejects.toThrow('ours')
  })
})

describe('unless it is refused', () => {
  it.each(['permission', 'not-found', 'invalid', 'token'] as const)('%s is null', async (kind) => {
    expect(await unlessRefused(failing(new GraphError(kind, 'no')))).toBeNull()
    expect(await unlessRefused(Promise.resolve('yes'))).toBe('yes')
  })

  it.each(['unavailable', 'timeout', 'throttled', 'aborted', 'input'] as const)(
    '%s is thrown',
    async (kind) => {
      await expect(unlessRefused(failing(new GraphError(kind, 'no')))).rejects.toMatchObject({ kind })
    },
  )
})
