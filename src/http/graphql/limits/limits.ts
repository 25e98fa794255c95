import {
  GraphQLError,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  validate,
  type ExecutionArgs,
  type ValidationRule,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { measureDocument, type DocumentSize } from './size.ts'
import { costOf, type PriceList, type Variables } from './price.ts'
import type { Ctx } from '../../../context.ts'
import { checkVariables } from './variables.ts'
import { withoutValue } from './redact.ts'

type SizeLimit = Exclude<keyof DocumentSize, 'cyclic'>

type ParserLimit = 'tokens' | 'comments' | 'characters'
type Limit = SizeLimit | ParserLimit | 'nodes' | 'units'

export type DocumentLimits = Readonly<Record<Limit | 'defaultPageSize', number>>

type TooLarge = {
  code: 'QUERY_TOO_LARGE'
  message: string
  limit: Limit | 'cycles'
  allowed: number
  found: number
}

export const defaultLimits: DocumentLimits = {
  // The parser gives up at these three: characters before it starts, tokens and comments while it reads.
  characters: 20_000,
  tokens: 2_000,
  comments: 200,
  // Definitions in one document. Generated clients send one operation and a fragment per component.
  operations: 10,
  fragments: 50,
  // Fields once fragments are written out: bounds validation and execution alike.
  fields: 500,
  // The deepest walk the graph is good for, app → solutions → partners → app → name, is ten levels.
  depth: 12,
  // One round trip for a screen of things by id: thirty of one field, sixty names altogether.
  aliases: 60,
  repetitions: 30,
  rootFields: 40,
  directives: 20,
  // The standard introspection query has 231 fields on 14 levels below `__schema`.
  introspectionFields: 300,
  introspectionDepth: 15,
  // Nodes along one path of nested lists; 25 a list where the query does not say.
  nodes: 10_000,
  defaultPageSize: 25,
  // As much as Meta grants one active account in an hour.
  units: 5_000,
}

const wording: Record<Limit, string> = {
  characters: 'characters',
  tokens: 'tokens',
  comments: 'comments',
  operations: 'operations in one document',
  fragments: 'fragment definitions',
  fields: 'fields once fragments are written out',
  depth: 'levels of nesting',
  aliases: 'aliases',
  repetitions: 'times the same field in one selection set',
  rootFields: 'fields at the root',
  directives: 'directives',
  introspectionFields: 'introspection fields',
  introspectionDepth: 'levels of introspection',
  nodes: 'nodes along one path of nested lists (page sizes multiplied)',
  units: 'Graph units',
}

const sizeLimits = [
  'operations',
  'fragments',
  'fields',
  'depth',
  'aliases',
  'repetitions',
  'rootFields',
  'directives',
  'introspectionFields',
  'introspectionDepth',
] as const satisfies readonly SizeLimit[]

/** Whether the parser gave up at one of its limits; other syntax errors are not about size. */
function checkParsing(error: unknown, limits: DocumentLimits): TooLarge | null {
  if (!(error instanceof GraphQLError)) return null
  const what = / contains more than \d+ (tokens|comments|UTF-16 code units)\. Parsing/.exec(
    error.message,
  )?.[1]
  if (what === undefined) return null
  const limit = what === 'tokens' || what === 'comments' ? what : 'characters'
  return tooLarge(limit, limits[limit], limits[limit] + 1)
}

/** What the text alone shows. */
export function checkDocument(document: DocumentNode, limits: DocumentLimits): TooLarge | null {
  const size = measureDocument(document)
  if (size.cyclic) return fragmentCycle
  for (const limit of sizeLimits) {
    if (size[limit] > limits[limit]) return tooLarge(limit, limits[limit], size[limit])
  }
  return null
}

/** What a query may ask for and cost at Graph at most, with the variables it is run with: before anything is asked. */
export function checkCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Variables,
  { units: allowed, nodes: allowedNodes, defaultPageSize, prices, operationName, apps }: CostLimits,
): TooLarge | null {
  const list = { ...prices, defaultPageSize, apps }
  const { units: found, nodes } = costOf(schema, document, variables, { prices: list, operationName })
  if (nodes > allowedNodes) return tooLarge('nodes', allowedNodes, nodes)
  if (found <= allowed) return null
  const message = `The query may cost ${found} Graph units; at most ${allowed} are allowed. Ask for shorter pages.`
  return { code: 'QUERY_TOO_LARGE', message, limit: 'units', allowed, found }
}

type Prices = Omit<PriceList, 'defaultPageSize' | 'apps'>

interface CostLimits extends Pick<DocumentLimits, 'units' | 'nodes' | 'defaultPageSize'> {
  readonly prices: Prices
  readonly operationName?: string | undefined
  readonly apps: number
}

const fragmentCycle: TooLarge = {
  code: 'QUERY_TOO_LARGE',
  message: 'The query spreads a fragment within itself, so it has no end.',
  limit: 'cycles',
  allowed: 0,
  found: 1,
}

function tooLarge(limit: Limit, allowed: number, found: number): TooLarge {
  const message = `The query is too large: at most ${allowed} ${wording[limit]} are allowed.`
  return { code: 'QUERY_TOO_LARGE', message, limit, allowed, found }
}

/**
 * Refuses what is too large to run, before validation sees it, on every transport that uses Yoga's functions.
 * One set of limits for all callers: Yoga shares parsed documents and verdicts between them.
 */
export function useDocumentLimits(
  limits: DocumentLimits = defaultLimits,
  prices: Prices = { fields: {}, perApp: new Set(), mutation: 0 },
): Plugin {
  const verdicts = new WeakMap<DocumentNode, TooLarge | 'fits'>()
  const verdictOn = (document: DocumentNode): TooLarge | 'fits' => {
    const verdict = verdicts.get(document) ?? checkDocument(document, limits) ?? 'fits'
    verdicts.set(document, verdict)
    return verdict
  }
  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source, options) => parseFn(source, { ...options, ...parserOptions(limits) }))
      // Runs for documents out of Yoga's cache as well; Yoga remembers the refusal under the query's text.
      return ({ result, replaceParseResult }: { result: unknown; replaceParseResult(to: Error): void }) => {
        const refusal = isDocument(result) ? verdictOn(result) : (checkParsing(result, limits) ?? 'fits')
        if (refusal !== 'fits') replaceParseResult(asError(refusal))
      }
    },
    onValidate({ setValidationFn }) {
      setValidationFn(validateQuietly)
    },
    onExecute({ args, setResultAndStopExecution }) {
      const errors = checkArguments(args, limits, prices)
      if (errors !== null) setResultAndStopExecution({ errors })
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const errors = checkArguments(args, limits, prices)
      if (errors !== null) setResultAndStopExecution({ errors })
    },
    onExecutionResult({ result }) {
      // With data it is a part of an answer that was not read.
      if (result !== undefined && 'errors' in result && !('data' in result))
        result.errors?.forEach(insistOnStatus)
    },
  }
}

// Yoga marks whatever comes out of parsing as "200 for application/json"; a refusal is 400 for everybody.
function insistOnStatus(error: GraphQLError): void {
  if (error.extensions['code'] === 'QUERY_TOO_LARGE') error.extensions['http'] = { status: 400 }
}

function parserOptions(limits: DocumentLimits): object {
  return {
    maxLexicalTokens: limits.tokens,
    maxComments: limits.comments,
    maxSourceLength: limits.characters,
  }
}

function isDocument(result: unknown): result is DocumentNode {
  return typeof result === 'object' && result !== null && 'kind' in result && result.kind === Kind.DOCUMENT
}

const MAX_VALIDATION_ERRORS = 5

// Envelop passes graphql-js 16's arguments, in which the options stand fifth; graphql-js 17 takes them fourth.
function validateQuietly(
  schema: GraphQLSchema,
  document: DocumentNode,
  rules?: readonly ValidationRule[],
): readonly GraphQLError[] {
  const options = { maxErrors: MAX_VALIDATION_ERRORS, hideSuggestions: true }
  return validate(schema, document, rules, options).map((error) => withoutValue(schema, document, error))
}

function checkArguments(
  args: ExecutionArgs,
  limits: DocumentLimits,
  prices: Prices,
): readonly GraphQLError[] | null {
  const { schema, document } = args
  const variables = args.variableValues ?? {}
  const operationName = args.operationName ?? undefined
  // Yoga alone has a context with an actor; what is measured without one is measured for one app.
  const { actor }: Partial<Ctx> = args.contextValue ?? {}
  const apps = actor?.apps.length ?? 1
  const refusal = checkCost(schema, document, variables, { ...limits, prices, operationName, apps })
  if (refusal !== null) return [asError(refusal)]
  return checkVariables(schema, document, variables, operationName)
}

function asError({ message, ...facts }: TooLarge): GraphQLError {
  return new GraphQLError(message, { extensions: { ...facts, http: { status: 400 } } })
}
