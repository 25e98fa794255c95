import { describe, expect, it } from 'vitest'
import { readOptions } from '../../nemesis/options.ts'

describe('the options of the nemesis', () => {
  it('have defaults', () => {
    expect(readOptions([])).toMatchObject({ rounds: 10, store: 'sqlite', instances: 1, load: [2000, 4000] })
  })

  it('say how many rounds, which store, how many instances and which seed', () => {
    const args = '--rounds 300 --store postgres --instances 3 --seed 7 --load 100-200'.split(' ')
    expect(readOptions(args)).toEqual({
      rounds: 300,
      store: 'postgres',
      instances: 3,
      seed: 7,
      load: [100, 200],
    })
  })

  it.each([
    ['--rounds 0', '--rounds'],
    ['--store mysql', '--store'],
    ['--instances 4', '--instances'],
    ['--store sqlite --instances 2', 'one instance'],
    ['--seed x', '--seed'],
    ['--load 200-100', '--load'],
    ['--what', '--what'],
  ])('refuse %s', (args, named) => {
    expect(() => readOptions(args.split(' '))).toThrow(named)
  })
})
