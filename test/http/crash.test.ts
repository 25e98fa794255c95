import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { good } from '../config/bad-environments.ts'
import { startChild } from '../support/child.ts'

const script = fileURLToPath(new URL('support/crash.ts', import.meta.url))

describe('an error that nobody catches', () => {
  it.each(['throw', 'reject'])(
    '(%s) is logged without its secrets, and ends the process with 1',
    async (HOW) => {
      const store = mkdtempSync(join(tmpdir(), 'mps-crash-'))
      const child = startChild(
        { ...good, HOW, PORT: '0', DATABASE_URL: `file:${join(store, 'x.db')}` },
        script,
      )
      expect(await child.ended).toBe(1)
      const lines = child.stdout().trimEnd().split('\n')
      expect(lines).toHaveLength(1)
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({
        level: 60,
        err: { message: 'it broke at ?[secret]' },
      })
      expect(child.stdout() + child.stderr()).not.toContain('canary')
      expect(child.stderr()).toBe('')
      rmSync(store, { recursive: true })
    },
  )
})
