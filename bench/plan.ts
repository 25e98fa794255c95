import { parse, validate, type DocumentNode } from 'graphql'
import { schema } from '../src/api/schema.ts'
import { checkDocument, checkPages, defaultLimits } from '../src/server/limits/limits.ts'
import { checkVariables } from '../src/server/limits/coercion.ts'
import { solutionsQuery as text } from './support/solutions-query.ts'
import { median, microseconds } from './support/figures.ts'
import type { Row } from './support/row.ts'

const rounds = 7
const runs = 300

/** What a query costs before anything is executed. The gateway remembers the first three for each query text. */
export async function plan(): Promise<Row[]> {
  const document = parse(text)
  return [
    row('parse', () => parse(text)),
    row('limits on the document', () => checkDocument(document, defaultLimits)),
    row('validation', () => validate(schema, document)),
    row('limits on the arguments', () => checkArguments(document)),
  ]
}

function checkArguments(document: DocumentNode) {
  return [checkPages(document, {}, defaultLimits, undefined), checkVariables(schema, document, {}, undefined)]
}

function row(name: string, work: () => unknown): Row {
  timed(work)
  const times = Array.from({ length: rounds }, () => timed(work))
  return { what: `in process: ${name}`, gateway: microseconds(median(times)) }
}

/** Microseconds of one run. */
function timed(work: () => unknown): number {
  const begun = performance.now()
  for (let run = 0; run < runs; run++) work()
  return ((performance.now() - begun) * 1_000) / runs
}
