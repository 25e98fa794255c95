import { madeUpApp, type BenchApp } from './app.ts'
import { startChild, type Child } from './child.ts'

export const apiKey = 'bench-key-0123456789'

/** Nothing listens there. */
const deadUpstream = 'http://127.0.0.1:9'

// The banner also names the upstream, which has no such path.
const graphqlAddress = /(http:\/\/127\.0\.0\.1:\d+)\/graphql/

type Place =
  | {
      /** A SQLite file. */
      readonly databasePath: string
    }
  | {
      /** As in DATABASE_URL. */
      readonly databaseUrl: string
    }

const measureTurns = `--import ${new URL('servers/turns.ts', import.meta.url).href}`

export type GatewayOptions = Place & {
  readonly graphUrl?: string
  readonly app?: BenchApp
  /** A file as in GATEWAY_CONFIG, in place of the app. */
  readonly appsFile?: string
  /** As in MEMORY_CHECK; the gateway's own default when left out. */
  readonly memoryCheck?: 'on' | 'off'
  /** Where the longest turn of its event loop is told: see `Turns`. */
  readonly turnsFile?: string
}

/**
 * The gateway as it is run: a process of its own, in production, with an API key. BENCH_NODE_OPTIONS reaches
 * it, e.g. `--cpu-prof --cpu-prof-dir=profiles`.
 */
export function startGateway(options: GatewayOptions): Promise<Child> {
  const { graphUrl, app = madeUpApp, appsFile, memoryCheck, turnsFile } = options
  const databaseUrl = 'databaseUrl' in options ? options.databaseUrl : `file:${options.databasePath}`
  const env = {
    NODE_ENV: 'production',
    NODE_OPTIONS: [process.env['BENCH_NODE_OPTIONS'] ?? '', turnsFile && measureTurns].join(' '),
    PORT: '0',
    DATABASE_URL: databaseUrl,
    GATEWAY_API_KEY: apiKey,
    GRAPH_API_URL: graphUrl ?? deadUpstream,
    // Comparisons with Graph begin with the process and would be measured along with whatever is.
    RECONCILE_SECONDS: '0',
    ...(appsFile === undefined ? environmentOf(app) : { GATEWAY_CONFIG: appsFile }),
    ...(memoryCheck && { MEMORY_CHECK: memoryCheck }),
    ...(turnsFile !== undefined && { TURNS_FILE: turnsFile }),
  }
  return startChild('src/main.ts', env, graphqlAddress)
}

const environmentOf = (app: BenchApp) => ({
  META_APP_ID: app.appId,
  META_APP_SECRET: app.appSecret,
  META_SYSTEM_TOKEN: app.systemToken,
  META_BUSINESS_ID: app.businessId,
  WEBHOOK_VERIFY_TOKEN: 'bench-verify-token',
})

/** The simulator and the gateway in one process, as `npm start` brings them up. */
export function startSandbox(): Promise<Child> {
  return startChild('src/main.ts', { PORT: '0', SIMULATOR_PORT: '0' }, graphqlAddress)
}
