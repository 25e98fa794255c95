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
  /** Whether this app's webhooks of the account are shown to be on. */
  readonly showsSubscription: boolean
}

const plain: FieldTree = ['id']
// Meta's OpenAPI file has this edge among the fields of a client account; no guide shows it there.
const withSubscriptions: FieldTree = ['id', { name: 'subscribed_apps' }]

/** Every account shared with the portfolio, whichever partner it came through. */
export function readAccounts(
  paced: PacedReads,
  app: AppConfig,
  wantsSubscriptions: boolean,
): Promise<ListRead<ListedAccount>> {
  return readList(paced, app, wantsSubscriptions ? withSubscriptions : plain)
}

/**
 * Accounts that came through a solution with this portfolio, the way that the guide "Multi-Partner Solutions" names
 * for a webhook that did not come. It shows fewer than there are, so it can tell of arrivals only.
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
  begin(now: number, accounts: readonly ListedAccount[]): void {
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
