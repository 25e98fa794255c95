import { listSubscribedApps } from '../graph/endpoints/wabas.ts'
import { GraphError } from '../graph/error.ts'
import type { SeenAccount } from './accounts.ts'
import type { Read } from './reads.ts'

const most = 200

/** Which accounts are still to be asked whether the app is subscribed to them; a few at each look, all in a day. */
export class SubscriptionCheck {
  readonly #everyMs: number
  #begunAt = -Infinity
  #suspects: readonly string[] = []

  constructor(everyMs: number) {
    this.#everyMs = everyMs
  }

  isDue(now: number): boolean {
    return now - this.#begunAt >= this.#everyMs
  }

  /** Only what the list does not show is asked for: Graph leaves empty fields out, and may refuse the edge there. */
  begin(now: number, accounts: readonly SeenAccount[]): void {
    this.#begunAt = now
    this.#suspects = accounts.filter(({ showsSubscription }) => !showsSubscription).map(({ id }) => id)
  }

  /** The accounts of the next few that do not have the app among theirs. */
  async next(read: Read, appId: string): Promise<{ without: readonly string[]; error: GraphError | null }> {
    const without: string[] = []
    for (const id of this.#suspects.slice(0, most)) {
      const apps = await this.#appsOf(read, id)
      if (apps instanceof GraphError && apps.kind !== 'not-found' && apps.kind !== 'permission')
        return { without, error: apps }
      this.#suspects = this.#suspects.slice(1)
      if (!(apps instanceof GraphError) && !apps.includes(appId)) without.push(id)
    }
    return { without, error: null }
  }

  async #appsOf(read: Read, wabaId: string): Promise<readonly string[] | GraphError> {
    try {
      const { data } = await read(listSubscribedApps(wabaId))
      return data.map((row) => row.whatsapp_business_api_data.id)
    } catch (error) {
      if (error instanceof GraphError) return error
      throw error
    }
  }
}
