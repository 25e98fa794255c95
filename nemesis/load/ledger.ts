import { keysOf, type Delivery } from './delivery.ts'

/** What was posted, and what was answered 200. */
export class Ledger {
  /** Posts that were answered 200, and the events in them. */
  posts = 0
  events = 0
  /** Posts again because no 200 came. */
  again = 0
  /** Posts again although a 200 had come. */
  onPurpose = 0
  #round = emptyRound()

  send(delivery: Delivery): void {
    for (const key of keysOf(delivery)) this.#round.sent.add(key)
  }

  ack(delivery: Delivery): void {
    this.posts++
    this.events += delivery.changes.length
    for (const key of keysOf(delivery)) this.#round.acked.add(key)
  }

  /** The keys since the last take. */
  takeRound() {
    const round = this.#round
    this.#round = emptyRound()
    return round
  }
}

const emptyRound = () => ({ sent: new Set<string>(), acked: new Set<string>() })
