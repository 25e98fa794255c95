import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { environment } from '../../support/programs.ts'
import { root } from '../../support/repository.ts'

const lifeline = new URL('../../support/lifeline.ts', import.meta.url).href
const hasCurl = spawnSync('curl', ['--version']).status === 0
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const [, recipe = ''] = /^## The simulator alone\n(.*?)^## /ms.exec(readme) ?? []
const blocks = [...recipe.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block)
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

/** The lines as they stand, with the process that npm would start in place of npm. */
function asWritten(block: string | undefined, changes: Readonly<Record<string, string>>): string {
  const inNpmsPlace = (name: string): string =>
    (scripts[name] ?? '')
      .replace(/^node /, `exec '${process.execPath}' '${root}'`)
      .replace(`${root}'`, `${root}'/`)
  const text = (block ?? '')
    .replace('npm run simulator', inNpmsPlace('simulator'))
    .replace('npm start', inNpmsPlace('start'))
  return Object.entries(changes).reduce((all, [from, to]) => all.replaceAll(from, to), text)
}

class Terminal {
  readonly process: ChildProcess
  #text = ''

  constructor(cwd: string, lines: string, env: Readonly<Record<string, string>> = {}) {
    this.process = spawn('/bin/sh', ['-e', '-c', lines], {
      stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
      cwd,
      env: { ...environment(), NODE_OPTIONS: `--import ${lifeline}`, ...env },
    })
    this.process.stdout?.on('data', (chunk) => (this.#text += String(chunk)))
  }

  async shows(pattern: RegExp): Promise<RegExpExecArray> {
    await expect.poll(() => this.#text).toMatch(pattern)
    return pattern.exec(this.#text) as RegExpExecArray
  }

  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return
    const closed = once(this.process, 'close')
    this.process.kill('SIGKILL')
    await closed
  }
}

describe.skipIf(!hasCurl)('a world that outlives the gateway (skipped without curl)', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'mps-gateway-recipe-'))
  const terminals: Terminal[] = []
  const open = (lines: string, env?: Record<string, string>): Terminal => {
    const terminal = new Terminal(cwd, lines, env)
    terminals.push(terminal)
    return terminal
  }
  afterAll(async () => {
    for (const terminal of terminals) await terminal.kill()
    rmSync(cwd, { recursive: true, force: true })
  })

  it('is had with the lines of README, and a cursor of before a kill goes on behind it', async () => {
    const [simulate, serve, follow, goOn] = blocks
    const simulator = open(asWritten(simulate, {}), { SIMULATOR_PORT: '0' })
    const [, world = ''] = await simulator.shows(/at (http:\/\/127\.0\.0\.1:\d+)\./)
    const inWorld = { 'http://127.0.0.1:4001': world }
    const happens = async (): Promise<string> => {
      const answer = await fetch(`${world}/__sim/onboard`, { method: 'POST' })
      return ((await answer.json()) as { waba_id: string }).waba_id
    }

    const gateway = open(asWritten(serve, inWorld), { PORT: '0' })
    const [, url = ''] = await gateway.shows(/GraphQL +(http:\/\/127\.0\.0\.1:\d+)\/graphql/)
    const everywhere = { ...inWorld, 'http://127.0.0.1:4000': url }
    const stream = open(asWritten(follow, everywhere))
    await stream.shows(/"callbacks".*retry:/s)
    await happens()
    const [, cursor = ''] = await stream.shows(
      /"cursor":"([^"]+)","kind":"CLIENT_WABA_ONBOARDED","source":"WEBHOOK"/,
    )

    await gateway.kill()
    await happens()
    const again = open(asWritten(serve, inWorld), { PORT: new URL(url).port })
    await again.shows(/GraphQL/)
    const resumed = open(asWritten(goOn, { ...everywhere, CURSOR: cursor }))
    const [all] = await resumed.shows(/^.*"kind":"CLIENT_WABA_ONBOARDED".*$/ms)
    expect(all).not.toContain(cursor)
    expect(all.match(/CLIENT_WABA_ONBOARDED/g)).toHaveLength(1)
  })
})

describe.skipIf(!hasCurl)('the first query of README (skipped without curl)', () => {
  it('is answered as it is printed there', async () => {
    const [, query = '', answer = ''] =
      /## The first query\n\n```sh\n(.*?)```\n\n```json\n(.*?)```/s.exec(readme) ?? []
    const cwd = tmpdir()
    const sandbox = new Terminal(cwd, asWritten('npm start', {}), { PORT: '0', SIMULATOR_PORT: '0' })
    const [, url = ''] = await sandbox.shows(/GraphiQL +(http:\/\/127\.0\.0\.1:\d+)\/graphql/)
    const asked = spawnSync('/bin/sh', ['-c', asWritten(query, { 'http://127.0.0.1:4000': url })])
    await sandbox.kill()
    expect(JSON.parse(String(asked.stdout))).toEqual(JSON.parse(answer))
  })
})
