import type { WabaNode } from '../graph/nodes.ts'
import {
  listClientWabas,
  listSubscribedApps,
  type SubscribedApp,
  subscribedAppsPage,
} from '../graph/endpoints/wabas.ts'
import type { FieldTree } from '../graph/fields.ts'
import type { AppConfig } from '../config/config.ts'
import { type ListRead, type PacedReads, readEveryPage } from './paced-reads.ts'
import type { GraphError } from '../graph/error.ts'
import { listWhole } from '../graph/paging.ts'
import type { Reads } from '../reads/reads.ts'

export interface ListedAccount {
  readonly id: string
  /** Whether the list shows that the app is subscribed to the account. */
  readonly showsSubscription: boolean
}

const plain: FieldTree = ['id']
// Meta's OpenAPI file has this edge among the fields of a client account; no guide shows it there.
const withSubscriptions: FieldTree = ['id', { name: 'subscribed_apps' }]

/** Reads every account that is shared with the portfolio, whichever partner it came through. */
export function readAccounts(
  paced: PacedReads,
  app: AppConfig,
  wantsSubscriptions: boolean,
): Promise<ListRead<ListedAccount>> {
  return readList(paced, app, wantsSubscriptions ? withSubscriptions : plain)
}

/**
 * Reads the accounts that came through a solution with this partner. The guide "Multi-Partner Solutions" names this way for
 * a webhook that did not arrive. The list may be incomplete, so it proves arrivals only.
 */
export async function readPartnerAccounts(
  paced: PacedReads,
  app: AppConfig,
  partnerBusinessId: string,
): Promise<ListRead<ListedAccount>> {
  return { ...(await readList(paced, app, plain, partnerBusinessId)), complete: false }
}

async function readList(
  paced: PacedReads,
  app: AppConfig,
  wanted: FieldTree,
  partnerBusinessId?: string,
): Promise<ListRead<ListedAccount>> {
  const list = await readEveryPage((after) =>
    paced.page('ClientWaba', wanted, (fields) =>
      listClientWabas(app.businessId, { limit: 100, after, fields, partnerBusinessId }),
    ),
  )
  return { ...list, rows: list.rows.map((node) => listedAccount(node, app.appId)) }
}

function listedAccount(node: WabaNode, appId: string): ListedAccount {
  const page = subscribedAppsPage.safeParse(node['subscribed_apps'])
  const apps = page.success ? page.data.data : []
  return {
    id: node.id,
    showsSubscription: apps.some((row) => row.whatsapp_business_api_data.id === appId),
  }
}

const checkedPerRun = 200

interface Checked {
  readonly having: readonly string[]
  readonly without: readonly string[]
  readonly error: GraphError | null
}

/** Checks to which accounts the app is subscribed: some in each run, all of them within a day. */
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

  /**
   * Only accounts that the list does not show as subscribed are checked one by one: Graph leaves empty fields out, and may
   * refuse the edge in a list.
   */
  begin(now: number, accounts: readonly ListedAccount[]): void {
    this.#begunAt = now
    this.#shown = accounts.filter(({ showsSubscription }) => showsSubscription).map(({ id }) => id)
    this.#held = new Set(this.#shown)
    this.#suspects = accounts.filter(({ showsSubscription }) => !showsSubscription).map(({ id }) => id)
  }

  /** Accounts to which the app is subscribed. Empty as long as some have not been checked. */
  get held(): ReadonlySet<string> {
    return this.#suspects.length === 0 ? this.#held : new Set()
  }

  /**
   * Checks the next accounts: `having` are subscribed, `without` are not. Those that cannot be read now are checked again.
   */
  async next(paced: PacedReads, app: AppConfig): Promise<Checked> {
    const [having, without]: [string[], string[]] = [[...this.#shown], []]
    this.#shown = []
    let error: GraphError | null = null
    const answered = new Set<string>()
    const asked = this.#suspects.slice(0, checkedPerRun)
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
