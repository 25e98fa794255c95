import { listSubscribedApps } from '../graph/endpoints/wabas.ts'
import { GraphError } from '../graph/error.ts'
import type { SeenAccount } from './accounts.ts'
import type { Read } from './reads.ts'

const most = 200

interface Checked {
  readonly having: readonly string[]
  readonly without: readonly string[]
  readonly error: GraphError | null
}

/** Which accounts are still to be asked whether the app is subscribed to them; a few at each look, all in a day. */
export class SubscriptionCheck {
  readonly #everyMs: number
  #begunAt = -Infinity
  #suspects: readonly string[] = []
  #shown: readonly string[] = []
  #held = new Set<string>()

  constructor(everyMs: number) {
    this.#everyMs = everyMs
  }

  isDue(now: number): boolean {
    return now - this.#begunAt >= this.#everyMs
  }

  /** Only what the list does not show is asked for: Graph leaves empty fields out, and may refuse the edge there. */
  begin(now: number, accounts: readonly SeenAccount[]): void {
    this.#begunAt = now
    this.#shown = accounts.filter(({ showsSubscription }) => showsSubscription).map(({ id }) => id)
    this.#held = new Set(this.#shown)
    this.#suspects = accounts.filter(({ showsSubscription }) => !showsSubscription).map(({ id }) => id)
  }

  /** Accounts that have the app among theirs; nobody as long as some have yet to be asked. */
  get held(): ReadonlySet<string> {
    return this.#suspects.length === 0 ? this.#held : new Set()
  }

  /** Which of the next few have the app among theirs, and which do not. */
  async next(read: Read, appId: string): Promise<Checked> {
    const [having, without]: [string[], string[]] = [[...this.#shown], []]
    this.#shown = []
    for (const id of this.#suspects.slice(0, most)) {
      const apps = await this.#appsOf(read, id)
      if (apps instanceof GraphError && apps.kind !== 'not-found' && apps.kind !== 'permission')
        return { having, without, error: apps }
      this.#suspects = this.#suspects.slice(1)
      if (!(apps instanceof GraphError)) (apps.includes(appId) ? having : without).push(id)
    }
    for (const id of having) this.#held.add(id)
    return { having, without, error: null }
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
