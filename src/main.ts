#!/usr/bin/env node
import './cli/no-inspector.ts'
import { fail, UsageError, readSimulatorPort, closeOnCrash, closeOnSignal } from './cli/process.ts'
import { replay } from './cli/replay.ts'
import { readConfig, type Config } from './config/config.ts'
import { startGateway, type Gateway } from './gateway.ts'

const [command, ...words] = process.argv.slice(2)

try {
  if (command === undefined || command === 'serve') await serve()
  else if (command === 'replay') await replay(words)
  else if (command === 'doctor') await (await import('./cli/doctor.ts')).doctor(words)
  else
    throw new UsageError(
      'mps-gateway [serve]    starts the gateway, or the sandbox without credentials\nmps-gateway replay …   looks after what could not be handled\nmps-gateway doctor     says what is wrong with the configuration and the store',
    )
} catch (error) {
  fail(error)
}

async function serve(): Promise<void> {
  const config = readConfig(process.env)
  const gateway = config.apps.length > 0 ? await startForMeta(config) : await startInSandbox(config)
  closeOnSignal(gateway)
  closeOnCrash(gateway)
}

async function startForMeta(config: Config): Promise<Gateway> {
  const gateway = await startGateway(config)
  console.log(
    metaBanner(
      gateway.url,
      config.graphUrl,
      config.apps.map((app) => app.appId),
    ),
  )
  return gateway
}

async function startInSandbox(config: Config): Promise<Gateway> {
  const quiet = process.env['LOG_LEVEL'] ? config : { ...config, logLevel: 'warn' }
  // Loaded only here: a gateway for Meta should not carry the simulator.
  const { sandboxBanner, startSandbox } = await import('./cli/sandbox.ts')
  const sandbox = await startSandbox(
    quiet,
    readSimulatorPort(process.env),
    Boolean(process.env['DATABASE_URL']),
  )
  console.log(sandboxBanner(sandbox))
  return sandbox
}

function metaBanner(url: string, graphUrl: string, appIds: readonly string[]): string {
  return `
mps-gateway against ${graphUrl} for app ${appIds.join(', ')}.

  GraphQL     ${url}/graphql
  Webhooks    ${appIds.map((id) => `${url}/webhooks/${id}`).join('\n              ')}
  Health      ${url}/health/ready

Set the webhook address of each app with Meta to its public HTTPS address, with the verify token.
`
}
