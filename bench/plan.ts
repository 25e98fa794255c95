import {
  Kind,
  parse,
  validate,
  visit,
  type DocumentNode,
  type FieldNode,
  type GraphQLResolveInfo,
} from 'graphql'
import { schema } from '../src/api/schema.ts'
import { plan as planFields, selectedBelow } from '../src/graphql/selection.ts'
import { checkCost, checkDocument, defaultLimits } from '../src/http/graphql/limits/limits.ts'
import { checkVariables } from '../src/http/graphql/limits/variables.ts'
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
    { ...row('planning the call', planning(document)), aim: '≤ 200 µs' },
  ]
}

function checkArguments(document: DocumentNode) {
  const free = { fields: {}, perApp: new Set<string>(), mutation: 0 }
  const limits = { ...defaultLimits, prices: free, apps: 1 }
  return [checkCost(schema, document, {}, limits), checkVariables(schema, document, {}, undefined)]
}

/** From the selection to what is asked of Graph, as the resolver of the list does it. */
function planning(document: DocumentNode): () => unknown {
  const fieldNodes: FieldNode[] = []
  visit(document, {
    [Kind.FIELD]: (field) => void (field.name.value === 'solutions' && fieldNodes.push(field)),
  })
  const returnType = schema.getType('SolutionConnection')
  const variableValues = { sources: {}, coerced: {} }
  const info = { schema, returnType, fieldNodes, fragments: {}, variableValues }
  return () => planFields(selectedBelow(info as unknown as GraphQLResolveInfo, 'edges', 'node'))
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
