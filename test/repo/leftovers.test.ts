import { chmodSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { folder } from '../events/support/fresh.ts'
import { startChild } from '../support/child.ts'
import { until } from '../support/until.ts'

const starter = fileURLToPath(new URL('support/starter.ts', import.meta.url))

/** Whether somebody takes connections there. */
const answers = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

describe('a process of the tests that is killed', () => {
  it('takes the gateways and the PostgreSQL that it started along', async () => {
    const temporary = folder()
    // PostgreSQL runs as another user where the tests run as root.
    chmodSync(temporary, 0o711)
    const child = startChild({ TMPDIR: temporary }, starter)
    const [, gateway = '', postgres = ''] = await child.says(/^(http:\S+) (postgres:\S+)$/m)
    expect([await answers(gateway), await answers(postgres)]).toEqual([true, true])
    child.process.kill('SIGKILL')
    await until(async () => !(await answers(gateway)) && !(await answers(postgres)))
    await until(() => readdirSync(temporary).every((name) => !name.startsWith('mps-gateway-postgres-')))
  })
})
