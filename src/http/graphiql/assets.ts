import { createHash } from 'node:crypto'
import { pack, packBundle, type PackedFile } from './pack.ts'

export type GraphiqlTab = { name: string; query: string; variables?: string; headers?: string }

export type GraphiqlOptions = {
  /** Open when somebody comes for the first time. A query that does not start with a comment gets its name as one. */
  tabs: readonly GraphiqlTab[]
  endpoint: '/graphql'
  title: string
  /** Over WS GraphiQL sends no headers, so no API key either; SSE sends what the headers editor holds. */
  subscriptionsProtocol: 'SSE' | 'WS' | 'GRAPHQL_SSE'
  additionalHeaders?: Record<string, string>
}

export type Asset = { type: string; gzipped: Uint8Array<ArrayBuffer> }

export type Assets = {
  /** Where the page finds its parts. */
  paths: { style: string; script: string; start: string; icon: string }
  byPath: ReadonlyMap<string, Asset>
}

/** Every file the page needs, under a name that changes with its content. */
export async function loadAssets(options: GraphiqlOptions): Promise<Assets> {
  const bundle = await packBundle()
  const byPath = new Map<string, Asset>()
  const add = (name: string, extension: keyof typeof types, file: PackedFile): string => {
    const path = `/graphiql/${name}-${file.hash}.${extension}`
    byPath.set(path, { type: types[extension], gzipped: file.gzipped })
    return path
  }
  const workers = {
    editorWorkerService: add('editor-worker', 'js', bundle.editorWorkerService),
    json: add('json-worker', 'js', bundle.jsonWorker),
    graphql: add('graphql-worker', 'js', bundle.graphqlWorker),
  }
  const paths = {
    style: add('graphiql', 'css', bundle.css),
    script: add('graphiql', 'js', bundle.js),
    start: add('start', 'js', pack(bootstrapScript(options, workers))),
    icon: add('icon', 'svg', pack(icon)),
  }
  return { paths, byPath }
}

const types = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
}

// Three partners of one solution.
const icon = [
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">',
  '<rect width="16" height="16" rx="4" fill="#0b6e4f"/><g fill="none" stroke="#fff">',
  '<circle cx="4.5" cy="8" r="1.5"/><circle cx="11.5" cy="4.5" r="1.5"/><circle cx="11.5" cy="11.5" r="1.5"/>',
  '<path d="M6 7.3 10 5.2M6 8.7l4 2.1"/></g></svg>',
].join('')

type WorkerPaths = { editorWorkerService: string; json: string; graphql: string }

/** The script that starts GraphiQL; runs in the browser, before GraphiQL's own script. */
function bootstrapScript(options: GraphiqlOptions, workers: WorkerPaths): string {
  const settings = {
    title: escapeHtml(options.title),
    endpoint: options.endpoint,
    tabs: options.tabs.map(({ name, query, variables, headers }) => ({
      query: query.startsWith('#') ? query : `# ${name}\n\n${query}`,
      variables: variables ?? null,
      headers: headers ?? null,
    })),
    subscriptionsProtocol: options.subscriptionsProtocol,
    additionalHeaders: options.additionalHeaders ?? {},
  }
  const version = createHash('sha256').update(JSON.stringify(settings.tabs)).digest('hex').slice(0, 8)
  return script
    .replace('/*settings*/', () => JSON.stringify(settings))
    .replace('/*workers*/', () => JSON.stringify(workers))
    .replace('/*prefix*/', () => JSON.stringify(`mps-gateway:${version}:`))
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

// - Tabs are kept under a name of their own: another GraphiQL on this origin, or an older set of tabs, would
//   otherwise hide the ready ones.
// - GraphiQL shows the first tab's query but not its variables and headers, unless they are given apart.
// - Headers, where the API key goes, are kept only when the reader says so in the settings.
// - A query in the address is dropped, and none is written there: no link can put words into the editor.
// - Everything is sent by POST, subscriptions too: variables stay out of addresses and logs.
const script = `'use strict'
const settings = /*settings*/
const workers = /*workers*/
const prefix = /*prefix*/
const prefixed = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix))
const storage = {
  getItem: (key) => localStorage.getItem(prefix + key),
  setItem: (key, value) => localStorage.setItem(prefix + key, value),
  removeItem: (key) => localStorage.removeItem(prefix + key),
  clear: () => prefixed().forEach((key) => localStorage.removeItem(key)),
  get length() { return prefixed().length },
}
self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_module, label) => workers[label] ?? workers.editorWorkerService,
}
addEventListener('DOMContentLoaded', () => {
  history.replaceState(null, '', location.pathname)
  const { tabs, ...options } = settings
  const first = storage.getItem('graphiql:tabState') === null ? tabs[0] : undefined
  YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
    ...options,
    defaultTabs: tabs,
    variables: first?.variables ?? undefined,
    initialHeaders: first?.headers ?? undefined,
    method: 'POST',
    storage,
    shouldPersistHeaders: false,
    showPersistHeadersSettings: true,
    onEditQuery: () => {},
  })
})
`
