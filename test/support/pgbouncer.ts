import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, identity } from './postgres-server.ts'
import { root } from './repository.ts'

const program = ['/usr/sbin/pgbouncer', '/usr/local/bin/pgbouncer', '/usr/bin/pgbouncer'].find(existsSync)
/** Ends what it starts together with us, however we end. */
const binder = ['/usr/bin/setpriv', '/bin/setpriv'].find(existsSync)

/** Why tests behind pgbouncer are left out here; empty when they run. Where CI is set they always run, and fail without it. */
export const whyWithoutPgbouncer =
  (program && binder) || process.env['CI'] !== undefined ? '' : ' (SKIPPED: no pgbouncer on this machine)'

export interface Pgbouncer extends AsyncDisposable {
  /** The address of a database through it. */
  through(url: string): string
}

/** What replaces lines of docs/pgbouncer.ini. */
type Changes = Readonly<Record<string, string | number>>

/** A real pgbouncer before a server, with the file that the documents show. It ends with the process that started it. */
export async function startPgbouncer(serverUrl: string, changes: Changes = {}): Promise<Pgbouncer> {
  if (!program || !binder) throw new Error('CI is set, and there is no pgbouncer to put before PostgreSQL')
  const folder = mkdtempSync(join(tmpdir(), 'mps-gateway-pgbouncer-'))
  chmodSync(folder, 0o755)
  const [port, target] = [await freePort(), new URL(serverUrl)]
  writeFileSync(join(folder, 'userlist.txt'), '"postgres" ""\n')
  const own = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'trust',
    auth_user: 'postgres',
    // Each test has a user of its own, whose connections would add up.
    server_idle_timeout: 1,
  }
  const shown = readFileSync(join(root, 'docs/pgbouncer.ini'), 'utf8')
    .replace(/^gateway = .*$/m, `* = host=${target.hostname} port=${target.port}`)
    .replace(/^auth_file = .*$/m, `auth_file = ${join(folder, 'userlist.txt')}`)
  writeFileSync(join(folder, 'pgbouncer.ini'), withChanges(shown, { ...own, ...changes }))
  const { uid, gid } = identity()
  const as = uid === undefined ? [] : ['--reuid', String(uid), '--regid', String(gid), '--clear-groups']
  const args = [...as, '--pdeathsig', 'TERM', program, join(folder, 'pgbouncer.ini')]
  const child = spawn(binder, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(child, 'exit')
  let output = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      output = (output + String(chunk)).slice(-10_000)
      if (output.includes('process up')) resolve()
    })
    child.on('exit', () => reject(new Error(`pgbouncer did not start: ${output}`)))
  })
  return {
    through(url) {
      const address = new URL(url)
      address.port = String(port)
      return address.href
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function withChanges(shown: string, changes: Changes): string {
  return Object.entries(changes).reduce((text, [name, value]) => {
    const line = new RegExp(`^${name} = .*$`, 'm')
    return line.test(text) ? text.replace(line, `${name} = ${value}`) : `${text}${name} = ${value}\n`
  }, shown)
}
