import { join } from 'node:path'
import { root } from './repository.ts'

const sources = { 'mps-gateway': 'src/main.ts', simulate: 'src/cli/simulate.ts' }

/** The file of a program: of the bundle that the run has made (`bundle-setup.ts`), or its source where there is none. */
export function programOf(name: keyof typeof sources): string {
  const folder = process.env['GATEWAY_BUNDLE']
  return folder === undefined ? join(root, sources[name]) : join(folder, `${name}.js`)
}

const passedOn = ['PATH', 'TMPDIR', 'NODE_COMPILE_CACHE']

/** What a process of a test has from ours: where things lie, and nothing that the gateway reads. */
export function environment(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    passedOn.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  )
}
