import { checkLog, checkStream } from './check.ts'
import { gatewayFaults } from './faults/gateway-faults.ts'
import type { History } from './history.ts'
import { apps } from './load/apps.ts'
import { readLog } from './load/read-log.ts'
import { sendOne } from './load/sender.ts'
import { Subscriber } from './load/subscriber.ts'
import type { Options } from './options.ts'
import { Random } from './random.ts'
import { Report } from './report.ts'
import { runLoad, schedule } from './round.ts'
import { becomes, within } from './within.ts'
import { closeWorld, createWorld, type World } from './world.ts'

/** A round that takes longer hangs. */
const roundMs = 280_000
/** How long subscribers may take to come to the end of the log when nothing is wrong any more. */
const catchUpMs = 120_000

/** Runs the rounds and tells what they showed. Throws when it could not run them. */
export async function runNemesis(options: Options, say: (line: string) => void): Promise<Report> {
  const random = new Random(options.seed)
  const world = await createWorld(options, random.fork('world'))
  const report = new Report(options, world, say)
  try {
    for (let round = 1; round <= options.rounds; round++) {
      await within(roundMs, `round ${round}`, runRound(world, report, round, random.fork(`round ${round}`)))
      if (round % 10 === 0) say(report.line())
    }
    await within(roundMs, 'the last items', endStreams(world, report, random.fork('the end')))
  } catch (error) {
    report.note(String(error))
  } finally {
    await closeWorld(world)
    report.atEnd(await world.store.examine().catch((error: unknown) => [String(error)]))
    report.kept = await world.store.close(report.isBad)
  }
  return report
}

async function runRound(world: World, report: Report, round: number, random: Random): Promise<void> {
  const { gateways, log, store, subscribers } = world
  const loadMs = random.between(...report.options.load)
  const strikes = schedule([...gatewayFaults(gateways), ...store.faults(gateways)], loadMs, random)
  report.begin(round, strikes)
  const from = log.length
  const visitor = visit(world, random.fork('visitor'))
  await runLoad(world, strikes, loadMs, random)
  await readRound(world, report, random)
  await becomes(catchUpMs, () => [...subscribers, visitor.subscriber].every((one) => isAtEnd(log, from, one)))
  await visitor.subscriber.close()
  for (const subscriber of subscribers) judge(world, report, subscriber, from)
  judge(world, report, visitor.subscriber, visitor.from)
  report.end()
}

/** One more item for each app when nothing is wrong any more: what should not come has come before it. */
async function endStreams(world: World, report: Report, random: Random): Promise<void> {
  const { address, ledger, log, subscribers } = world
  const from = log.length
  for (const app of apps) await sendOne({ address, ledger, random }, app)
  await readRound(world, report, random)
  await becomes(catchUpMs, () => subscribers.every((one) => isAtEnd(log, from, one)))
  for (const subscriber of subscribers) judge(world, report, subscriber, from)
}

/** What the log has now that it had not. */
async function readRound({ address, ledger, log }: World, report: Report, random: Random): Promise<void> {
  const added = await readLog(address(random), log.end?.cursor ?? null)
  report.add('the log', checkLog(added, log, ledger.takeRound()))
  log.add(added)
}

/** How far back somebody may begin who comes for one round. */
const recent = 3_000

/** Somebody who comes with an older cursor: history first, then what happens. */
function visit({ log, address }: World, random: Random): { subscriber: Subscriber; from: number } {
  const from = random.between(Math.max(1, log.length - recent), log.length)
  const place = { after: log.at(from - 1)?.cursor ?? '', appId: null }
  const transport = random.pick(['ws', 'sse'] as const)
  return { subscriber: new Subscriber({ transport, place, address, random }), from }
}

function isAtEnd(log: History, from: number, { appId, last }: Subscriber): boolean {
  const end = log.part(from, appId).at(-1)
  return end === undefined || last?.cursor === end.cursor
}

function judge({ log }: World, report: Report, subscriber: Subscriber, from: number): void {
  const got = subscriber.take()
  report.delivered += got.length
  report.add(subscriber.name, checkStream(got, log, from, subscriber.appId))
}
