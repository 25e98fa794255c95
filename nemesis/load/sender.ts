import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../random.ts'
import { apps, type App } from './apps.ts'
import { post, type Change, type Delivery } from './delivery.ts'
import type { Ledger } from './ledger.ts'

export interface Sending {
  readonly random: Random
  readonly ledger: Ledger
  /** An address to post to, another one each time. */
  address(random: Random): string
}

const firstId = 900_000_000_000_000
let made = 0

const patienceMs = 1_500
const repeatedShare = 0.02
/** How long a post may stay unanswered, whatever the nemesis does. */
const deadlineMs = 120_000

/** Posts a batch for this app until it is answered 200. */
export async function sendOne(sending: Sending, app: App): Promise<void> {
  await deliver(sending, { ...create(sending.random), app })
}

/** Posts batches until `until`, each until it is answered 200. */
export async function send(sending: Sending, until: number): Promise<void> {
  const { random } = sending
  const acked: Delivery[] = []
  while (Date.now() < until) {
    const delivery = create(random)
    acked.push(...(await deliver(sending, delivery)))
    if (random.chance(repeatedShare)) await repeat(sending, random.pick(acked))
    await sleep(random.between(20, 160))
  }
}

/** Mostly a change or a few, now and then 20. */
function create(random: Random): Delivery {
  const count = random.chance(0.1) ? 20 : random.between(1, 4)
  const time = Math.floor(Date.now() / 1000)
  const changes = Array.from({ length: count }, () => ({ solutionId: String(firstId + made++), time }))
  return { app: random.pick(apps), changes }
}

/** Gives what was answered 200: the delivery, or the parts that it was split into. */
async function deliver(sending: Sending, delivery: Delivery): Promise<readonly Delivery[]> {
  const { ledger, random } = sending
  const since = Date.now()
  ledger.send(delivery)
  while (!(await isAcked(sending, delivery))) {
    if (Date.now() - since > deadlineMs) throw new Error('A post was not answered 200 for two minutes')
    ledger.again++
    await sleep(random.between(20, 120))
    // A sender may put what it sends again into other posts.
    if (delivery.changes.length > 1 && random.chance(0.2)) return deliverParts(sending, delivery)
  }
  ledger.ack(delivery)
  return [delivery]
}

async function deliverParts(sending: Sending, { app, changes }: Delivery): Promise<readonly Delivery[]> {
  const middle = sending.random.between(1, changes.length - 1)
  const part = (some: readonly Change[]) => deliver(sending, { app, changes: some })
  return [...(await part(changes.slice(middle))), ...(await part(changes.slice(0, middle)))]
}

async function isAcked({ address, random }: Sending, delivery: Delivery): Promise<boolean> {
  return post(address(random), delivery, patienceMs).then(
    () => true,
    () => false,
  )
}

/** What comes of it does not matter, as long as the event stays one. */
async function repeat(sending: Sending, delivery: Delivery): Promise<void> {
  sending.ledger.onPurpose++
  await isAcked(sending, delivery)
}
