import { describe, expect, it } from 'vitest'
import { readBalancerOptions, readOptions } from '../../nemesis/options.ts'

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

describe('the options behind a balancer', () => {
  it('have defaults', () => {
    expect(readBalancerOptions(['--balancer'])).toMatchObject({ rounds: 20, perSecond: 100, only: '' })
  })

  it('say how many rounds, how many requests a second, which fault and which seed', () => {
    const args = '--balancer --rounds 6 --rate 200 --only rolling --seed 7'.split(' ')
    expect(readBalancerOptions(args)).toEqual({ rounds: 6, perSecond: 200, only: 'rolling', seed: 7 })
  })

  it.each([
    ['--balancer --rate 1', '--rate'],
    ['--balancer --store sqlite', '--store'],
  ])('refuse %s', (args, named) => {
    expect(() => readBalancerOptions(args.split(' '))).toThrow(named)
  })
})
