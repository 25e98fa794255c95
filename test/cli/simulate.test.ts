import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { programOf } from '../support/programs.ts'

const simulate = (...words: string[]) =>
  spawnSync(process.execPath, [programOf('simulate'), ...words], {
    encoding: 'utf8',
    env: { SIMULATOR_PORT: '0' },
    timeout: 240_000,
  })

describe('npm run simulator', () => {
  it.each(['--help', '-h', 'help'])('says with %s how it is used, and starts nothing', (word) => {
    const { status, stdout } = simulate(word)
    expect([status, stdout]).toEqual([0, expect.stringContaining('SIMULATOR_PORT=')])
    expect(stdout).not.toContain('__sim/state')
  })

  it('refuses arguments that it does not know', () => {
    const { status, stderr } = simulate('--port', '4002')
    expect([status, stderr]).toEqual([1, expect.stringContaining('SIMULATOR_PORT=')])
  })
})
