import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for it, as long as the test may take. */
export async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await check())) await sleep(5)
}
