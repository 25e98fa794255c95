import { mkdtempSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bundle } from '../../bundle.ts'
import { root } from './repository.ts'

/** One bundle of the programs for all processes that the tests of a run start: to start is what costs them most. */
export default async function setup(): Promise<() => void> {
  const dist = join(root, 'dist')
  mkdirSync(dist, { recursive: true })
  const folder = mkdtempSync(join(dist, 'test-'))
  await bundle(folder)
  process.env['GATEWAY_BUNDLE'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
