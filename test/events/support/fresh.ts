import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { EventLog } from '../../../src/events/log.ts'
import type { Implementation, Opened } from './implementations.ts'

/** A folder that goes with the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'mps-gateway-events-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** An empty log that goes with the test. */
export async function fresh(implementation: Implementation): Promise<Opened> {
  const opened = await implementation.open(folder())
  onTestFinished(() => opened.log.close())
  return opened
}

/** The same for each run of a property. */
export async function withLog<T>(
  implementation: Implementation,
  use: (log: EventLog) => Promise<T>,
): Promise<T> {
  const { log } = await implementation.open(folder())
  try {
    return await use(log)
  } finally {
    await log.close()
  }
}
