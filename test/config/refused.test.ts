import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from '../../src/config/config.ts'
import { startChild } from '../support/child.ts'
import { badEnvironments, good } from './bad-environments.ts'

const folder = mkdtempSync(join(tmpdir(), 'mps-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

function environmentOf(
  { env = {}, file }: (typeof badEnvironments)[number],
  index: number,
): Record<string, string> {
  const all: Record<string, string | undefined> = file === undefined ? { ...good, ...env } : { ...env }
  if (file !== undefined) {
    all['GATEWAY_CONFIG'] = join(folder, `${index}.json`)
    all['CANARY_EMPTY'] = ' '
    all['CANARY_SHORT'] = 'canary'
    writeFileSync(all['GATEWAY_CONFIG'], typeof file === 'string' ? file : JSON.stringify(file))
  }
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

function complaintOf(env: Record<string, string>): ConfigError {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('it was accepted')
}

const cases = badEnvironments.map((bad, index) => ({ ...bad, env: environmentOf(bad, index) }))

describe('an environment is refused that has', () => {
  it.each(cases)('$title', ({ env, problems }) => {
    const complaint = complaintOf(env)
    expect(complaint.problems).toHaveLength(problems.length)
    for (const problem of problems)
      expect(complaint.problems.filter((text) => text.startsWith(problem)).length).toBeGreaterThan(0)
    expect(complaint.message).not.toContain('canary')
  })
})

// A few: reading is proven above, this is about what the process does with it.
const spawned = cases.filter((_, index) => index % 6 === 0)

describe.concurrent('the process does not start with', () => {
  it.each(spawned)('$title, and says just that', async ({ env, problems }) => {
    const child = startChild({ PORT: '0', SIMULATOR_PORT: '0', ...env })
    expect(await child.ended).toBe(1)
    expect(child.stdout()).toBe('')
    const [first, ...lines] = child.stderr().trimEnd().split('\n')
    expect(first).toBe('The configuration cannot be used:')
    expect(lines).toHaveLength(problems.length)
    for (const line of lines) expect(problems.some((problem) => line.startsWith(`  - ${problem}`))).toBe(true)
    expect(child.stderr()).not.toContain('canary')
  })
})
