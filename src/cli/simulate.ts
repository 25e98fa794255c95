import { startSimulator } from '../simulator/simulator.ts'
import { fail, UsageError, closeOnSignal, readSimulatorPort } from './process.ts'

const usage = `npm run simulator      starts a local Graph API at http://127.0.0.1:4001
SIMULATOR_PORT=4002    puts it elsewhere. It takes no arguments`

const words = process.argv.slice(2)

try {
  if (words.length > 0 && words.every((word) => /^(-h|--help|help)$/.test(word))) console.log(usage)
  else if (words.length > 0) throw new UsageError(usage)
  else await simulate()
} catch (error) {
  fail(error)
}

async function simulate(): Promise<void> {
  const simulator = await startSimulator({ port: readSimulatorPort(process.env) })
  console.log(`
Graph API simulator at ${simulator.url}. What there is to play with: ${simulator.url}/__sim/state
A gateway on it: see "The simulator alone" in README.md.
`)
  closeOnSignal(simulator)
}
