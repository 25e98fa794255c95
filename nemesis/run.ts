import { runNemesis } from './nemesis.ts'
import { runFleet } from './balancer/run.ts'
import { readBalancerOptions, readOptions, usage } from './options.ts'

const say = (text: string): void => void process.stdout.write(`${text}\n`)

// What runs for us ends with the process.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    say(`Broken off by ${signal}`)
    process.exit(130)
  })

const args = process.argv.slice(2)
process.exit(args.includes('--balancer') ? await runBehindBalancer() : await runAlone())

async function runAlone(): Promise<number> {
  const options = read(() => readOptions(args))
  say(`${options.rounds} rounds, ${options.store}, ${options.instances} instance(s), seed ${options.seed}`)
  const report = await runNemesis(options, say)
  say(String(report))
  return report.isBad ? 1 : 0
}

async function runBehindBalancer(): Promise<number> {
  const options = read(() => readBalancerOptions(args))
  say(`${options.rounds} rounds behind nginx, ${options.perSecond} requests/s, seed ${options.seed}`)
  const report = await runFleet(options, say)
  say(String(report))
  return report.violations.length > 0 ? 1 : 0
}

function read<T>(options: () => T): T {
  try {
    return options()
  } catch (error) {
    say(`${(error as Error).message}\n${usage}`)
    process.exit(2)
  }
}
