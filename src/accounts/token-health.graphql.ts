import { builder } from '../graphql/builder.ts'
import { ClientWaba } from '../graphql/refs.ts'
import { accountOf } from './account.ts'
import { tokenHealthOf, type TokenHealth as Shape } from './token-health.ts'

const AccountTokenKind = builder.enumType('AccountTokenKind', {
  description: 'Whose token opens an account.',
  values: {
    BUSINESS: { description: "The customer's business token, which is issued to the app." },
    SYSTEM: {
      description:
        "The token of the app's own system user: of accounts of the own portfolio, and of those that the partner asked for.",
    },
  } satisfies Record<Shape['kind'], object>,
})

const TokenSource = builder.enumType('TokenSource', {
  description: 'Where a token came from.',
  values: {
    CODE: { description: 'It came for the code of a signup (`completeEmbeddedSignup`).' },
    SOLUTION: { description: 'Graph gave it for a solution (`GET /{solution}/access_token`).' },
    PORTFOLIO: {
      description:
        "Graph gave it for the customer's portfolio (`POST /{business}/system_user_access_tokens`).",
    },
    CONFIGURATION: { description: 'It is configured.' },
  } satisfies Record<NonNullable<Shape['source']>, object>,
})

const TokenHealth = builder.objectRef<Shape>('TokenHealth').implement({
  description: 'What is known of a token. The token itself is nowhere.',
  fields: (t) => ({
    kind: t.expose('kind', { type: AccountTokenKind, description: 'Whose token it is, or would be.' }),
    source: t.expose('source', {
      type: TokenSource,
      nullable: true,
      description: 'Where it came from; null when there is none.',
    }),
    valid: t.exposeBoolean('isValid', {
      nullable: true,
      description:
        'Whether Graph calls it valid; false as well when no token of the customer can be had. Null when Graph does not say. ' +
        'Whether it opens the account is more than this says, and shows when it is used.',
    }),
    endsAt: t.expose('endsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ends; null when it does not, or nobody says.',
    }),
    lastTriedAt: t.expose('triedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When Graph last said whether it is valid; null when it has not.',
    }),
    permissions: t.exposeStringList('permissions', {
      nullable: true,
      description:
        'The permissions that it was given, by their names at Graph. Null when Graph does not say.',
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description:
        'Why it is not valid, or why that cannot be told, for a person to read; null when it is valid.',
    }),
  }),
})

builder.objectField(ClientWaba, 'tokenHealth', (t) =>
  t.field({
    type: TokenHealth,
    nullable: true,
    description:
      'The token that opens the account, as Graph described it a minute ago at most: one call, made together with ' +
      'those of other accounts. ' +
      "Source: Graph's `debug_token`. Null only beside an error that says why it could not be read.",
    resolve: async (waba, _, ctx) => tokenHealthOf(ctx, await accountOf(ctx, waba.viewer.app, waba.id)),
  }),
)
