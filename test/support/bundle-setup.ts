import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bundle } from '../../bundle.ts'
import { environment, programOf } from './programs.ts'
import { root } from './repository.ts'
import { remove, runFolder } from './run-folder.ts'

/** One bundle of the programs for all processes that the tests of a run start: to start is what costs them most. */
export default async function setup(): Promise<() => void> {
  const folder = runFolder(join(root, 'dist'), 'test')
  await bundle(folder)
  process.env['GATEWAY_BUNDLE'] = folder
  process.env['NODE_COMPILE_CACHE'] = join(folder, 'compiled')
  // A process leaves what it has compiled to the next when it ends by itself, and most in tests are killed.
  const options = { env: { ...environment(), DATABASE_URL: `file:${join(folder, 'none.db')}` } }
  await promisify(execFile)(process.execPath, [programOf('mps-gateway'), 'replay', 'list'], options).catch(
    () => {},
  )
  return () => remove(folder)
}
