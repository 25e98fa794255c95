import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openStore } from '../../../src/events/store.ts'
import { joinByWs } from '../../http/support/crowd.ts'
import { postAbout, startLoneGateway, tellOf, type LoneGateway } from '../../http/support/lone-gateway.ts'
import { environment, programOf } from '../../support/programs.ts'
import { folder } from '../support/fresh.ts'
import { until } from '../../support/until.ts'

const start = (path: string): Promise<LoneGateway> => startLoneGateway({ DATABASE_URL: `file:${path}` })

/** What a gateway that does not start says. */
const refusalOf = (path: string): Promise<string> =>
  start(path).then(
    () => 'started',
    (error: unknown) => String(error),
  )

/** `mps-gateway replay …` in a process of its own. */
async function replay(path: string, ...words: string[]): Promise<{ code: unknown; stdout: string }> {
  const env = { ...environment(), DATABASE_URL: `file:${path}` }
  const child = spawn(process.execPath, [programOf('mps-gateway'), 'replay', ...words], { env })
  let stdout = ''
  child.stdout.on('data', (chunk) => (stdout += String(chunk)))
  const [code] = (await once(child, 'close')) as unknown[]
  return { code, stdout }
}

describe('one SQLite file', () => {
  it('serves one gateway: the second is refused with what to do, and the first goes on', async () => {
    const path = `${folder()}/gateway.db`
    await using first = await start(path)
    expect(await refusalOf(path)).toContain(
      `ended with 1: The event store ${path} cannot be used: another gateway runs on it, and one file serves one ` +
        'gateway. Nothing was changed. Stop that one first, or let both share a PostgreSQL database: ' +
        'DATABASE_URL=postgres://…',
    )
    await tellOf(first.url, 1, 1)
  })

  it('is the same file under another name', async () => {
    const at = folder()
    mkdirSync(`${at}/real`)
    symlinkSync(`${at}/real`, `${at}/link`)
    await using first = await start(`${at}/real/gateway.db`)
    expect(await refusalOf(`${at}/link/gateway.db`)).toContain('another gateway runs on it')
    symlinkSync(`${at}/real/gateway.db`, `${at}/gateway.db`)
    expect(await refusalOf(`${at}/gateway.db`)).toContain('another gateway runs on it')
    await tellOf(first.url, 1, 1)
  })

  it.each(['SIGKILL', 'SIGTERM'] as const)('is free again when its gateway ends by %s', async (signal) => {
    const path = `${folder()}/gateway.db`
    await using first = await start(path)
    await tellOf(first.url, 1, 1)
    first.child.process.kill(signal)
    await first.child.ended
    await using second = await start(path)
    await expect(tellOf(second.url, 2, 1)).resolves.toBeUndefined()
  })

  it('is not free while its gateway is only stopped', async () => {
    const path = `${folder()}/gateway.db`
    await using first = await start(path)
    first.child.process.kill('SIGSTOP')
    expect(await refusalOf(path)).toContain('another gateway runs on it')
    first.child.process.kill('SIGCONT')
    await tellOf(first.url, 1, 1)
  })

  it('lets `mps-gateway replay` work beside its gateway, whose subscribers hear of what it brings', async () => {
    const path = `${folder()}/gateway.db`
    await using gateway = await start(path)
    const member = await joinByWs(gateway.url)
    const store = await openStore(`file:${path}`)
    const { body } = postAbout(41, 2)
    const letter = {
      appId: '637576208107267',
      receivedAt: Date.now(),
      raw: Buffer.from(body),
      size: body.length,
    }
    await store.deadLetters.add([
      { ...letter, reason: 'an older release could not read it', fingerprint: '' },
    ])
    const [{ id } = { id: 0 }] = await store.deadLetters.list({ limit: 1 })
    await store.close()
    expect((await replay(path, 'list')).stdout).toMatch(new RegExp(`^${id}\twaiting\t`))
    expect(await replay(path, 'drive', 'all')).toEqual({ code: 0, stdout: `${id}\thandled\n` })
    await until(() => member.seen.length === 2)
    expect(member.seen).toEqual([41, 42])
    expect((await replay(path, 'list')).stdout).toMatch(new RegExp(`^${id}\thandled\t`))
    expect((await replay(path, 'drive', 'all')).stdout).toBe('')
    await tellOf(gateway.url, 43, 1)
    await until(() => member.seen.length === 3)
    expect(member.seen).toEqual([41, 42, 43])
  })
})
