import { setTimeout as sleep } from 'node:timers/promises'
import { forgetLost } from './child.ts'

/**
 * Asks again until it holds; the test's own time limit ends a vain wait. What waits for a process that has meanwhile
 * ended by itself waits in vain at once.
 */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    const lost = forgetLost()
    if (lost !== null) throw new Error(`A process of this test has ended: ${lost}`)
    await sleep(5)
  }
}
