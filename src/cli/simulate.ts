import { startSimulator } from '../simulator/simulator.ts'
import { fail } from './fail.ts'
import { closeOnSignal } from './signals.ts'
import { readSimulatorPort } from './simulator-port.ts'

try {
  const simulator = await startSimulator({ port: readSimulatorPort(process.env) })
  console.log(`
Graph API simulator at ${simulator.url}. What there is to play with: ${simulator.url}/__sim/state
`)
  closeOnSignal(simulator)
} catch (error) {
  fail(error)
}
