import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { World } from './world.ts'

export interface Mesh extends AsyncDisposable {
  readonly versions: string
  ask(query: string): Promise<unknown>
}

const files = { config: 'mps-bench.config.ts', supergraph: 'mps-bench.graphql' }
const patienceMs = 30_000

/**
 * Mesh over Meta's OpenAPI file, in a folder where `@graphql-mesh/compose-cli`, `@omnigraph/openapi` and
 * `@graphql-hive/gateway` are installed. The file knows of no connection between its types; the two that the questions
 * need are added as Mesh's documentation says (`@resolveTo`).
 */
export async function startMesh(folder: string, openapi: string, world: World): Promise<Mesh> {
  const directory = resolve(folder)
  const port = await freePort()
  writeFileSync(join(directory, files.config), printConfig(resolve(openapi), world))
  const bin = (name: string): string => join(directory, 'node_modules', '.bin', name)
  const options = { cwd: directory, env: { PATH: process.env['PATH'] } } as const
  execFileSync(process.execPath, [bin('mesh-compose'), '-c', files.config, '-o', files.supergraph], {
    ...options,
    stdio: 'ignore',
  })
  const serve = ['supergraph', files.supergraph, '--port', String(port), '--host', '127.0.0.1']
  const child = spawn(process.execPath, [bin('hive-gateway'), ...serve], { ...options, stdio: 'ignore' })
  const ended = once(child, 'exit')
  process.once('exit', () => child.kill('SIGKILL'))
  const url = `http://127.0.0.1:${port}/graphql`
  await ready(url)
  return {
    versions: versionsIn(directory),
    ask: (query) => ask(url, world, query),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await Promise.race([ended, sleep(5_000).then(() => child.kill('SIGKILL'))])
      for (const file of Object.values(files)) rmSync(join(directory, file), { force: true })
    },
  }
}

function printConfig(openapi: string, { url }: World): string {
  const source = JSON.stringify({ source: openapi, endpoint: url })
  const connect = (name: string, type: string, field: string, fields: string): string =>
    `${name}: ${type} @resolveTo(sourceName: "Meta", sourceTypeName: "Query", sourceFieldName: "${field}",
      requiredSelectionSet: "{ id }", sourceArgs: { WABA_ID: "{root.id}", Version: "v23.0", limit: 5,
      fields: "${fields}", Authorization: "{context.headers.authorization}" })`
  return `import { defineConfig } from '@graphql-mesh/compose-cli'
import { loadOpenAPISubgraph } from '@omnigraph/openapi'
export const composeConfig = defineConfig({
  subgraphs: [{ sourceHandler: loadOpenAPISubgraph('Meta', ${source}) }],
  additionalTypeDefs: \`extend type WhatsAppBusinessAccount {
    ${connect('solutionList', 'listWabaSolutions_response', 'listWabaSolutions', 'id,name,status')}
    ${connect(
      'numberList',
      'getWhatsAppBusinessAccountPhoneNumbers_response',
      'getWhatsAppBusinessAccountPhoneNumbers',
      'id,display_phone_number',
    )}
  }\`,
})
`
}

async function ask(url: string, { app }: World, query: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${app.systemToken}` }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })
  return await answer.json()
}

async function ready(url: string): Promise<void> {
  const until = Date.now() + patienceMs
  for (;;) {
    const answer = await fetch(`${url}?query={__typename}`).catch(() => null)
    if (answer?.ok) return
    if (Date.now() > until) throw new Error('Mesh does not answer')
    await sleep(200)
  }
}

function versionsIn(directory: string): string {
  const packages = [
    '@graphql-mesh/compose-cli',
    '@omnigraph/openapi',
    '@graphql-hive/gateway',
    '@graphql-mesh/fusion-runtime',
    'graphql',
  ]
  const versionOf = (name: string): string => {
    const text = readFileSync(join(directory, 'node_modules', name, 'package.json'), 'utf8')
    return (JSON.parse(text) as { version: string }).version
  }
  return packages.map((name) => `${name} ${versionOf(name)}`).join(', ')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No free port')
  return address.port
}
