import { bootstrapScript } from './bootstrap.ts'
import type { GraphiqlOptions } from './graphiql.ts'
import { pack, packBundle } from './pack.ts'
import type { PackedFile } from './pack.ts'

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
