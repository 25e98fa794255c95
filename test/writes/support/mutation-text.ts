import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, getNamedType, type GraphQLField } from 'graphql'
import { root } from '../../support/repository.ts'

export const schema = buildSchema(readFileSync(join(root, 'schema/schema.graphql'), 'utf8'))

/** Every mutation of the schema, by its name. */
export const mutations: Readonly<Record<string, GraphQLField<unknown, unknown>>> =
  schema.getMutationType()?.getFields() ?? {}

const problem =
  '... on Problem { code message retryable retryAfterSeconds } ... on InvalidInputProblem { path }'

/** What some answer beside their kind. */
const selections: Readonly<Record<string, string>> = {
  createSolution: '... on CreateSolutionPayload { solution { solutionId } }',
  createSolutionsForTechProvider:
    '... on CreateSolutionsForTechProviderPayload { created { accepted problem { code message } } }',
  onboardClientWaba:
    '... on OnboardClientWabaPayload { attempts { kind problem { code message retryAfterSeconds } } }',
  shareCreditLine: '... on ShareCreditLinePayload { creditAllocation { allocationId } }',
}

/** The mutation as a document with its input as variable. */
export function mutationText(field: string): string {
  const [argument] = mutations[field]?.args ?? []
  if (!argument) throw new Error(`There is no mutation ${field}`)
  return `mutation ($input: ${String(getNamedType(argument.type))}!) {
    ${field}(input: $input) { __typename ${selections[field] ?? ''} ${problem} }
  }`
}
