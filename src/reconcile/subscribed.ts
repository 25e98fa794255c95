import { listSubscribedApps, type SubscribedApp } from '../graph/endpoints/wabas.ts'
import type { AppConfig } from '../config/config.ts'
import type { GraphError } from '../graph/error.ts'
import { listWhole } from '../graph/paging.ts'
import type { Reads } from '../reads/reads.ts'
import type { SeenAccount } from './accounts.ts'
import type { Paced } from './reads.ts'

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

  /** Which of the next few have the app among theirs, and which do not; those that cannot be asked now stay. */
  async next(paced: Paced, app: AppConfig): Promise<Checked> {
    const [having, without]: [string[], string[]] = [[...this.#shown], []]
    this.#shown = []
    let error: GraphError | null = null
    const answered = new Set<string>()
    const asked = this.#suspects.slice(0, most)
    for (const [id, outcome] of await paced.together(asked, (reads, id) => subscribedApps(reads, id, app))) {
      const isAnswer = !('error' in outcome) || isRefusal(outcome.error)
      if (isAnswer) answered.add(id)
      if ('error' in outcome) error ??= outcome.error.kind === 'not-found' ? null : outcome.error
      else (appsIn(outcome.value).includes(app.appId) ? having : without).push(id)
    }
    this.#suspects = this.#suspects.filter((id) => !answered.has(id))
    for (const id of having) this.#held.add(id)
    return { having, without, error }
  }
}

const subscribedApps = (reads: Reads, wabaId: string, app: AppConfig): Promise<readonly SubscribedApp[]> =>
  listWhole(
    (after, isOutdated) => reads.call(listSubscribedApps(wabaId, after), { app }, isOutdated),
    'The account has more apps',
  )

const appsIn = (rows: readonly SubscribedApp[]): readonly string[] =>
  rows.map((row) => row.whatsapp_business_api_data.id)

const isRefusal = ({ kind }: GraphError): boolean => kind === 'not-found' || kind === 'permission'
