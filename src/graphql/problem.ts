import type { ObjectRef } from '@pothos/core'
import {
  type GatewayProblemType as Gateway,
  type GraphApiProblemType as Graph,
  type InvalidInputProblemType as Invalid,
  type Party,
  type problemCodes,
  type Said,
  remedyOf,
  remedyOfSolution,
  type Remedy,
} from '../errors/problem.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { saidOf } from '../problems.ts'
import { builder, type SchemaTypes } from './builder.ts'
import { Solution } from './refs.ts'

export const PartyEnum = builder.enumType('Party', {
  description: 'Who can bring something on.',
  values: {
    US: { description: 'Whoever runs or calls this gateway.' },
    PARTNER: { description: 'The other side of the solution.' },
    CUSTOMER: { description: 'The business that owns the account.' },
    META: { description: 'Graph did not answer, limits, or reviews: wait.' },
  } satisfies Record<Party, object>,
})

const ProblemCodeEnum = builder.enumType('ProblemCode', {
  description:
    'What kind of expected failure it is. Errors of queries carry the same codes in `extensions.code`.',
  values: {
    INVALID_INPUT: { description: 'The input can never work: change it.' },
    NOT_FOUND: {
      description: 'There is no such thing, or the app may not see it: Graph does not tell which.',
    },
    NOT_PERMITTED: { description: 'It exists, and this app may not do this.' },
    WRONG_STATE: {
      description:
        'It cannot be done in the state that the solution, account or number is in, or it is so already.',
    },
    CONFLICT: { description: 'It contradicts something that was asked for before.' },
    RATE_LIMITED: {
      description: "Meta's quota is used up, or a code, a PIN or a registration was tried too often: wait.",
    },
    TOKEN_INVALID: {
      description:
        'A token that Graph needs is missing, expired or revoked: ours to renew, or for the customer to give once more by ' +
        'signing up again. `waitsFor` says which.',
    },
    UPSTREAM_REFUSED: {
      description:
        'Graph refused for a reason of its own: see its message. When it gave none (`{"success":false}`), the same request ' +
        'may be sent again at once.',
    },
    UPSTREAM_UNAVAILABLE: {
      description:
        'Graph did not answer, or not in a way that can be used. As a problem of a mutation: nothing was changed.',
    },
    OUTCOME_UNKNOWN: {
      description:
        'A change was sent and no definite answer came. The same request again looks whether it happened, and does not send ' +
        'it twice; the message says so where Graph has no way to look. The problem has the code and the trace id of ' +
        "Graph's last word, where there was one.",
    },
    STORE_UNAVAILABLE: {
      description:
        "The gateway's own store cannot be used now. As a problem of a mutation: what could not be put on record was " +
        'not sent.',
    },
  } satisfies Record<(typeof problemCodes)[number], object>,
})

export interface WrongState {
  readonly type: 'WrongStateProblem'
  readonly message: string
  readonly solution: NodeHandle<'Solution'>
}

type AnyProblem = Invalid | Graph | Gateway | WrongState

export const ProblemInterface = builder.interfaceRef<AnyProblem>('Problem').implement({
  description: 'An expected failure, as data.',
  fields: (t) => ({
    code: t.field({
      type: ProblemCodeEnum,
      description: 'What kind of failure it is.',
      resolve: (problem) => ('code' in problem ? problem.code : 'WRONG_STATE'),
    }),
    message: t.exposeString('message', { description: 'What went wrong, for a person to read.' }),
    retryable: t.boolean({
      description: 'Whether the same request may succeed later without being changed.',
      resolve: (problem) => 'retryable' in problem && problem.retryable,
    }),
    retryAfterSeconds: t.int({
      nullable: true,
      description: 'Seconds to wait before the same request may succeed; null when nobody said.',
      resolve: (problem) => ('retryAfterSeconds' in problem ? problem.retryAfterSeconds : null),
    }),
    waitsFor: t.field({
      type: PartyEnum,
      nullable: true,
      description: "Whose turn it is; null when it is nobody's, or cannot be told.",
      resolve: (problem) => remedy(problem).waitsFor,
    }),
    help: t.string({
      nullable: true,
      description: "Address of a page of Meta's about it; null when there is none.",
      resolve: (problem) => remedy(problem).help,
    }),
    graphCode: t.int({
      nullable: true,
      description: "Graph's `error.code`; null when it had no part in it, or no answer came.",
      resolve: (problem) => said(problem).graphCode,
    }),
    graphSubcode: t.int({
      nullable: true,
      description:
        "Graph's `error.error_subcode`, where codes of seven digits stand at times. Null when Graph gives none.",
      resolve: (problem) => said(problem).graphSubcode,
    }),
    fbtraceId: t.string({
      nullable: true,
      description:
        "Graph's name of its answer: give it to Meta's support. It expires soon. Null when Graph gives none.",
      resolve: (problem) => said(problem).fbtraceId,
    }),
  }),
})

const remedy = (problem: AnyProblem): Remedy =>
  problem.type === 'WrongStateProblem' ? remedyOfSolution : remedyOf(problem)

const said = (problem: AnyProblem): Partial<Said> =>
  problem.type === 'WrongStateProblem' ? {} : saidOf(problem)

const isProblem = (type: AnyProblem['type']) => (value: unknown) => (value as AnyProblem).type === type

export const InvalidInputProblem = builder.objectRef<Invalid>('InvalidInputProblem').implement({
  description: 'A field of the input cannot be used. Nothing was sent to Graph.',
  interfaces: [ProblemInterface],
  isTypeOf: isProblem('InvalidInputProblem'),
  fields: (t) => ({
    path: t.exposeStringList('path', {
      description: 'Path of the offending input field, e.g. ["input", "name"].',
    }),
  }),
})

export const WrongStateProblem = builder.objectRef<WrongState>('WrongStateProblem').implement({
  description: 'The solution is in a state in which this cannot be done.',
  interfaces: [ProblemInterface],
  isTypeOf: isProblem('WrongStateProblem'),
  fields: (t) => ({
    solution: t.expose('solution', {
      type: Solution,
      nullable: true,
      description:
        "The solution as it is now. Beside a payload's `solution`, select it under an alias: that one is never null.",
    }),
  }),
})

export const GraphApiProblem = builder.objectRef<Graph>('GraphApiProblem').implement({
  description: 'Meta refused or failed.',
  interfaces: [ProblemInterface],
  isTypeOf: isProblem('GraphApiProblem'),
  fields: (t) => ({
    details: t.exposeString('details', {
      nullable: true,
      description:
        '`error_data.details`: what Cloud API says was wrong, and at times how long to wait. Null when Graph gives none.',
    }),
    userTitle: t.exposeString('userTitle', {
      nullable: true,
      description: "Meta's title for users, in the language of the request. Null when Graph gives none.",
    }),
    userMessage: t.exposeString('userMessage', {
      nullable: true,
      description: "Meta's message for users. Null when Graph gives none.",
    }),
  }),
})

export const GatewayProblem = builder.objectRef<Gateway>('GatewayProblem').implement({
  description: 'Everything else that was expected: not found, not permitted, conflict, outcome unknown.',
  interfaces: [ProblemInterface],
  isTypeOf: isProblem('GatewayProblem'),
})

/** What a mutation answers: its payload, or why it did nothing. The union is named after the payload. */
export const resultOf = <Done extends { readonly type: 'Done' }>(
  payload: PayloadRef<Done>,
  description: string,
) => unionOf(payload, description, [InvalidInputProblem, GraphApiProblem, GatewayProblem])

/** Likewise of a mutation that the state of a solution can stand in the way of. */
export const resultByStateOf = <Done extends { readonly type: 'Done' }>(
  payload: PayloadRef<Done>,
  description: string,
) => unionOf(payload, description, [InvalidInputProblem, WrongStateProblem, GraphApiProblem, GatewayProblem])

type PayloadRef<Done> = ObjectRef<PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>, Done>
type ProblemRef =
  | typeof InvalidInputProblem
  | typeof WrongStateProblem
  | typeof GraphApiProblem
  | typeof GatewayProblem

function unionOf<Done extends { readonly type: 'Done' }>(
  payload: PayloadRef<Done>,
  description: string,
  problems: readonly ProblemRef[],
) {
  return builder.unionType(payload.name.replace(/Payload$/, 'Result'), {
    description,
    types: [payload, ...problems],
    resolveType: (result) => (result.type === 'Done' ? payload.name : result.type),
  })
}
