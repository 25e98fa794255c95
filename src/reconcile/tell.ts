import type { Logger } from 'pino'
import type { NewEvent } from '../events/event.ts'
import type { Finding } from './findings.ts'

const levelOf = ({ type }: Finding) => (type === 'ALERTS_NOT_SUBSCRIBED' ? 'info' : 'warn')

const textOf = ({ type }: Finding): string =>
  type === 'UNREADABLE'
    ? 'could not be asked of Graph: what no webhook told of is not found there'
    : 'found while comparing with Graph'

/** Warns of what people have to see to: once, and not again at each look that finds the same. */
export class Warner {
  readonly #logger: Logger
  #told: ReadonlySet<string> = new Set()

  constructor(logger: Logger) {
    this.#logger = logger
  }

  tell(findings: readonly Finding[], events: readonly NewEvent[]): void {
    const lost = new Set(events.map(({ wabaId }) => wabaId))
    for (const finding of findings)
      if (this.#isNew(finding, lost)) this.#logger[levelOf(finding)](finding, textOf(finding))
    this.#told = new Set(findings.map((finding) => JSON.stringify(finding)))
  }

  /** Accounts are asked about now and then only, so the log knows which are news. */
  #isNew(finding: Finding, lost: ReadonlySet<string | null>): boolean {
    if (finding.type === 'ACCOUNTS_NOT_SUBSCRIBED') return finding.wabaIds.some((id) => lost.has(id))
    return !this.#told.has(JSON.stringify(finding))
  }
}
