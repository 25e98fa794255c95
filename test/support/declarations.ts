import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseSync } from 'rolldown/utils'
import { root, sourceFiles } from './repository.ts'

/** What a file declares at its top level, and which files of the gateway it imports, types included. */
export interface SourceFile {
  /** From `src` on. */
  readonly path: string
  readonly exported: readonly string[]
  readonly internal: readonly string[]
  readonly imports: readonly string[]
}

type Statement = ReturnType<typeof parseSync>['program']['body'][number]

/** Every file of the gateway, parsed. The simulator stands apart: it has its own idea of everything. */
export const parseGateway = (): SourceFile[] => parseFiles((path) => !path.startsWith('simulator/'))
export const parseSimulator = (): SourceFile[] => parseFiles((path) => path.startsWith('simulator/'))

function parseFiles(isWanted: (path: string) => boolean): SourceFile[] {
  const source = join(root, 'src')
  return sourceFiles('src')
    .filter((file) => isWanted(relative(source, file)))
    .map((file) => parse(source, file))
}

function parse(source: string, file: string): SourceFile {
  const { program, errors } = parseSync(file, readFileSync(file, 'utf8'))
  if (errors.length > 0) throw new Error(`${file} cannot be parsed`)
  const exported: string[] = []
  const internal: string[] = []
  const imports = new Set<string>()
  for (const statement of program.body) {
    const from = specifierOf(statement)
    if (from?.startsWith('.')) imports.add(relative(source, join(dirname(file), from)))
    if (statement.type === 'ExportNamedDeclaration' && statement.declaration)
      exported.push(...namesIn(statement.declaration))
    else internal.push(...namesIn(statement))
  }
  return { path: relative(source, file), exported, internal, imports: [...imports] }
}

function specifierOf(statement: Statement): string | null {
  const hasSource =
    statement.type === 'ImportDeclaration' ||
    statement.type === 'ExportNamedDeclaration' ||
    statement.type === 'ExportAllDeclaration'
  return hasSource ? (statement.source?.value ?? null) : null
}

/** The names that one statement declares; those that a pattern takes apart count as well. */
function namesIn(statement: object): string[] {
  if ('declarations' in statement)
    return (statement.declarations as { id: unknown }[]).flatMap(({ id }) => namesInPattern(id))
  return 'id' in statement ? namesInPattern(statement.id) : []
}

function namesInPattern(pattern: unknown): string[] {
  if (typeof pattern !== 'object' || pattern === null) return []
  if ('name' in pattern && typeof pattern.name === 'string') return [pattern.name]
  if ('properties' in pattern)
    return (pattern.properties as { value?: unknown }[]).flatMap(({ value }) => namesInPattern(value))
  return 'elements' in pattern ? (pattern.elements as unknown[]).flatMap(namesInPattern) : []
}

/** Name → the files that declare it, for names that more than one file declares. */
export function declaredTwice(
  files: readonly SourceFile[],
  names: (file: SourceFile) => readonly string[],
): Map<string, readonly string[]> {
  const places = new Map<string, string[]>()
  for (const file of files)
    for (const name of new Set(names(file))) places.set(name, [...(places.get(name) ?? []), file.path])
  return new Map([...places].filter(([, paths]) => paths.length > 1))
}

/** Groups of files that import one another in a circle: strongly connected components of more than one file. */
export function circlesOf(files: readonly SourceFile[]): string[][] {
  const importsOf = new Map(files.map(({ path, imports }) => [path, imports]))
  const reach = (from: string): Set<string> => {
    const seen = new Set<string>()
    const open = [...(importsOf.get(from) ?? [])]
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      if (seen.has(path)) continue
      seen.add(path)
      open.push(...(importsOf.get(path) ?? []))
    }
    return seen
  }
  const reached = new Map(files.map(({ path }) => [path, reach(path)]))
  const inCircle = files.map(({ path }) => path).filter((path) => reached.get(path)?.has(path))
  const groups = Map.groupBy(inCircle, (path) =>
    inCircle.filter((other) => reached.get(path)?.has(other) && reached.get(other)?.has(path)).join(' '),
  )
  return [...groups.values()]
}
