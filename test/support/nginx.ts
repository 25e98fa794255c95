import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { steadyPort } from './steady-port.ts'
import { root } from './repository.ts'
import { until } from './until.ts'

const program = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'].find(existsSync)
/** Ends what it starts together with us, however we end. */
const binder = ['/usr/bin/setpriv', '/bin/setpriv'].find(existsSync)
const isThere = program !== undefined && binder !== undefined

/** Why tests behind nginx are left out here; empty when they run. Where CI is set they always run, and fail without it. */
export const whyWithoutNginx =
  isThere || process.env['CI'] !== undefined ? '' : ' (SKIPPED: no nginx on this machine)'

export interface Nginx extends AsyncDisposable {
  readonly url: string
  /** What it has complained about. */
  errors(): string
}

/**
 * A real nginx before these instances, with the file that the documents show, or one like it. It ends with the test that
 * started it.
 */
export async function startNginx(instances: readonly string[], shown = documented()): Promise<Nginx> {
  if (!program || !binder) throw new Error('CI is set, and there is no nginx to put before the instances')
  const folder = mkdtempSync(join(tmpdir(), 'mps-gateway-nginx-'))
  const port = await steadyPort()
  writeFileSync(join(folder, 'shown.conf'), forInstances(shown, instances, port))
  writeFileSync(join(folder, 'nginx.conf'), around)
  mkdirSync(join(folder, 'temporary'))
  const args = ['--pdeathsig', 'TERM', program, '-p', folder, '-c', 'nginx.conf', '-e', 'error.log']
  const child = spawn(binder, args, { stdio: 'ignore' })
  const ended = once(child, 'exit')
  const errors = (): string => {
    const log = join(folder, 'error.log')
    return existsSync(log) ? readFileSync(log, 'utf8') : ''
  }
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`nginx did not start: ${errors()}`)
    return isOpen(port)
  })
  return {
    url: `http://127.0.0.1:${port}`,
    errors,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const documented = (): string => readFileSync(join(root, 'docs/nginx.conf'), 'utf8')

/** Such a file with these addresses in place of its own. */
function forInstances(shown: string, instances: readonly string[], port: number): string {
  const [line = ''] = /^ *server \S+:4000 .*;$/m.exec(shown) ?? []
  const servers = instances.map((url) => line.replace(/server \S+/, `server ${new URL(url).host}`))
  return shown
    .replace(/(?:^ *server \S+:4000 .*;\n)+/m, `${servers.join('\n')}\n`)
    .replace('listen 80;', `listen 127.0.0.1:${port};`)
}

/** What Debian's own file has around it, in this folder alone. */
const around = `
daemon off;
worker_processes 2;
${process.getuid?.() === 0 ? 'user root;' : ''}
pid nginx.pid;
error_log error.log warn;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path temporary/body;
  proxy_temp_path temporary/proxy;
  fastcgi_temp_path temporary/fastcgi;
  uwsgi_temp_path temporary/uwsgi;
  scgi_temp_path temporary/scgi;
  include shown.conf;
}
`

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}
