import type { Audit, writeOutcomes } from '../writes/audit.ts'
import { builder } from '../graphql/builder.ts'

const WriteOutcome = builder.enumType('WriteOutcome', {
  description: 'What came of a write.',
  values: {
    DONE: { description: 'Graph has done it, or was seen to have done it after a lost reply.' },
    REFUSED: { description: 'Graph refused: nothing was changed.' },
    UNKNOWN: {
      description:
        'It was sent, and whether it was made cannot be told: no definite answer came, or Graph said yes, and nothing of it ' +
        'was to be seen afterwards.',
    },
  } satisfies Record<(typeof writeOutcomes)[number], object>,
})

export const GatewayWrite = builder.objectRef<Audit>('GatewayWrite').implement({
  description: 'A write of this gateway at Graph, as it was recorded.',
  fields: (t) => ({
    actor: t.exposeString('actor', {
      description:
        'Who asked: OPERATOR for the API key, LOCAL for a caller of a gateway without one, RULE for the gateway itself.',
    }),
    action: t.exposeString('verb', { description: 'What was asked for, e.g. accept.' }),
    actingAppId: t.exposeString('actingAppId', { description: 'Meta id of the app whose token was used.' }),
    object: t.exposeString('object', { description: 'What it was done to, e.g. solution:123.' }),
    outcome: t.expose('outcome', { type: WriteOutcome, description: 'What came of it.' }),
    problem: t.exposeString('problem', {
      nullable: true,
      description: 'Problem code of a refused or unknown outcome; null when it was done.',
    }),
    graphTraceId: t.exposeString('graphTraceId', {
      nullable: true,
      description: "Graph's own name of the call, for Meta's support; null when it gave none.",
    }),
    graphCode: t.int({
      nullable: true,
      description:
        "Graph's `error.code` of a refusal, or of its last word of an unknown outcome; null when it gave none.",
      resolve: ({ graphCode }) => graphCode,
    }),
    graphSubcode: t.int({
      nullable: true,
      description: "Graph's `error.error_subcode` beside it; null when it gave none.",
      resolve: ({ graphSubcode }) => graphSubcode,
    }),
    before: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What was known of the object before; null when nothing was read.',
      resolve: ({ before }) => before,
    }),
    after: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The object as it was read afterwards; null when it was not, or could not be.',
      resolve: ({ after }) => after,
    }),
  }),
})
