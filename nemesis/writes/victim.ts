import type { Play } from '../../test/writes/support/play.ts'
import { startGateway } from '../gateway/process.ts'

/** A gateway in a process of its own, to be killed. */
export interface Victim {
  readonly url: string
  kill(): Promise<void>
}

export async function startVictim(play: Play): Promise<Victim> {
  const life = startGateway(play.environment())
  const url = await life.address
  if (url === null) throw new Error(`The gateway did not start: ${life.said()}`)
  return {
    url,
    kill: async () => {
      life.child.kill('SIGKILL')
      await life.ended
    },
  }
}
