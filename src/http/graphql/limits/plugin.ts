import {
  GraphQLError,
  Kind,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Ctx } from '../../../context.ts'
import { checkVariables } from './variables.ts'
import {
  checkDocument,
  checkParsing,
  checkCost,
  defaultLimits,
  type DocumentLimits,
  type Prices,
  type TooLarge,
} from './limits.ts'
import { withoutValue } from './redact.ts'

/**
 * Refuses what is too large to run, before validation sees it, on every transport that uses Yoga's functions.
 * One set of limits for all callers: Yoga shares parsed documents and verdicts between them.
 */
export function useDocumentLimits(
  limits: DocumentLimits = defaultLimits,
  prices: Prices = { fields: {}, perApp: new Set(), mutation: 0 },
): Plugin {
  const verdicts = new WeakMap<DocumentNode, TooLarge | 'fits'>()
  const judge = (document: DocumentNode): TooLarge | 'fits' => {
    const verdict = verdicts.get(document) ?? checkDocument(document, limits) ?? 'fits'
    verdicts.set(document, verdict)
    return verdict
  }
  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source, options) => parseFn(source, { ...options, ...parserOptions(limits) }))
      // Runs for documents out of Yoga's cache as well; Yoga remembers the refusal under the query's text.
      return ({ result, replaceParseResult }: { result: unknown; replaceParseResult(to: Error): void }) => {
        const refusal = isDocument(result) ? judge(result) : (checkParsing(result, limits) ?? 'fits')
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
