import { parseArgs } from 'node:util'
import type { BalancerOptions } from './balancer/run.ts'

export interface Options {
  readonly rounds: number
  readonly store: 'sqlite' | 'postgres'
  readonly instances: number
  readonly seed: number
  /** How long senders send in a round: at least and at most, milliseconds. */
  readonly load: readonly [number, number]
}

export const usage = `npm run nemesis -- [--rounds N] [--store sqlite|postgres] [--instances 1..3] [--seed N] [--load MIN-MAX]
npm run nemesis -- --balancer [--rounds N] [--rate N] [--only FAULT] [--seed N]`

const known = {
  rounds: { type: 'string', default: '10' },
  store: { type: 'string', default: 'sqlite' },
  instances: { type: 'string', default: '1' },
  seed: { type: 'string' },
  load: { type: 'string', default: '2000-4000' },
} as const

/** Throws an Error that says what is wrong with them. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({ args: [...args], options: known })
  const { store } = values
  if (store !== 'sqlite' && store !== 'postgres') throw new Error('--store is sqlite or postgres')
  const instances = readNumber('--instances', values.instances, 1, 3)
  if (store === 'sqlite' && instances > 1) throw new Error('A SQLite store serves one instance')
  const [least = '', most = least] = values.load.split('-')
  return {
    rounds: readNumber('--rounds', values.rounds, 1, 1_000_000),
    store,
    instances,
    seed: readNumber('--seed', values.seed ?? String(Date.now() % 2 ** 31), 0, 2 ** 32 - 1),
    load: [readNumber('--load', least, 1, 60_000), readNumber('--load', most, Number(least), 60_000)],
  }
}

const knownBehindBalancer = {
  balancer: { type: 'boolean' },
  rounds: { type: 'string', default: '20' },
  rate: { type: 'string', default: '100' },
  only: { type: 'string', default: '' },
  seed: { type: 'string' },
} as const

/** Of a run behind a balancer. Throws an Error that says what is wrong with them. */
export function readBalancerOptions(args: readonly string[]): BalancerOptions {
  const { values } = parseArgs({ args: [...args], options: knownBehindBalancer })
  return {
    rounds: readNumber('--rounds', values.rounds, 1, 1_000_000),
    perSecond: readNumber('--rate', values.rate, 20, 10_000),
    only: values.only,
    seed: readNumber('--seed', values.seed ?? String(Date.now() % 2 ** 31), 0, 2 ** 32 - 1),
  }
}

function readNumber(name: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  throw new Error(`${name} is a number from ${least} to ${most}`)
}
