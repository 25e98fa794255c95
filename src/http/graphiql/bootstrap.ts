import { createHash } from 'node:crypto'
import type { GraphiqlOptions } from './graphiql.ts'

export type WorkerPaths = { editorWorkerService: string; json: string; graphql: string }

/** The script that starts GraphiQL; runs in the browser, before GraphiQL's own script. */
export function bootstrapScript(options: GraphiqlOptions, workers: WorkerPaths): string {
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
