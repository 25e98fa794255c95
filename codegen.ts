/**
 * Prints schema/schema.graphql and types the operations of schema/operations. With --check, changes nothing
 * and fails when what is committed is not what would be written.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { codegen } from '@graphql-codegen/core'
import * as typedDocumentNode from '@graphql-codegen/typed-document-node'
import * as typescriptOperations from '@graphql-codegen/typescript-operations'
import { lexicographicSortSchema, parse, printSchema } from 'graphql'
import { schema } from './src/api/schema.ts'

const at = (path: string): URL => new URL(path, import.meta.url)
const sorted = lexicographicSortSchema(schema)

const outputs: Record<string, string> = {
  'schema/schema.graphql': `# The public contract, printed from the code by \`npm run codegen\`. Do not edit.\n\n${printSchema(sorted)}\n`,
  'test/support/operations.ts': await typeOperations(),
}

for (const [path, content] of Object.entries(outputs)) {
  if (!process.argv.includes('--check')) writeFileSync(at(path), content)
  else if (read(path) !== content) complain(path)
}

function read(path: string): string | null {
  try {
    return readFileSync(at(path), 'utf8')
  } catch {
    return null
  }
}

function complain(path: string): void {
  console.error(`${path} is not current: run \`npm run codegen\`.`)
  process.exitCode = 1
}

async function typeOperations(): Promise<string> {
  const code = await codegen({
    filename: 'operations.ts',
    schema: parse(printSchema(sorted)),
    schemaAst: sorted,
    documents: readOperations(),
    config: {
      useTypeImports: true,
      enumType: 'string-literal',
      scalars: { DateTime: 'string', ID: 'string', JSON: 'unknown' },
      dedupeFragments: true,
    },
    plugins: [{ operations: {} }, { documents: {} }],
    pluginMap: { operations: typescriptOperations, documents: typedDocumentNode },
  })
  return `// Written by \`npm run codegen\` from schema/operations. Do not edit.\n${code}\n`
}

function readOperations() {
  const folder = 'schema/operations/'
  const names = readdirSync(at(folder)).filter((name) => name.endsWith('.graphql'))
  return names.sort().map((name) => {
    const location = `${folder}${name}`
    return { location, document: parse(readFileSync(at(location), 'utf8')) }
  })
}
