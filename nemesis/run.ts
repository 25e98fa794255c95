import { runNemesis } from './nemesis.ts'
import { readOptions, usage } from './options.ts'

const say = (text: string): void => void process.stdout.write(`${text}\n`)

// What runs for us ends with the process.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    say(`Broken off by ${signal}`)
    process.exit(130)
  })

const options = read()
say(`${options.rounds} rounds, ${options.store}, ${options.instances} instance(s), seed ${options.seed}`)
const report = await runNemesis(options, say)
say(String(report))
process.exit(report.isBad ? 1 : 0)

function read() {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    say(`${(error as Error).message}\n${usage}`)
    process.exit(2)
  }
}
