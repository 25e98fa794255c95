import { closeOnCrash } from '../../../src/cli/process.ts'
import { readConfig } from '../../../src/config/config.ts'
import { startGateway } from '../../../src/gateway.ts'

// A gateway in which something is thrown that nobody catches, with a secret in it.

const config = readConfig(process.env)
const gateway = await startGateway(config)
closeOnCrash(gateway)
const error = new Error(`it broke at ?access_token=${config.apps[0]?.systemToken}`)
if (process.env['HOW'] === 'throw')
  setTimeout(() => {
    throw error
  }, 10)
else setTimeout(() => void Promise.reject(error), 10)
