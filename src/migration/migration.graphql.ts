import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import { viewerOfAccount, accountOf } from '../accounts/account.ts'
import { invalidInput, type InvalidInputProblemType as Invalid } from '../errors/problem.ts'
import { isGraphId } from '../graph/shapes.ts'
import { NodeHandle } from '../reads/node-handle.ts'
import { checkKey, keyDescription } from '../writes/record.ts'
import { builder } from '../graphql/builder.ts'
import { ClientWabaEvent } from '../feed/event-types.graphql.ts'
import { resultByStateOf } from '../graphql/problem.ts'
import { ClientWaba, Solution } from '../graphql/refs.ts'
import { readView, refuse, type View, isProblem, readIds } from '../graphql/refuse.ts'
import {
  graphStatusOf,
  intentStatus,
  listIntents,
  readIntent,
  statusNamed,
  type MigrationIntent,
  type intentStatuses,
} from './intent.ts'
import { intentChangeIn, type IntentChange } from './intent-events.ts'
import { setIntent, type SetIntentResult } from './set-intent.ts'

const MigrationIntentStatus = builder.enumType('MigrationIntentStatus', {
  description: 'How far a migration is.',
  values: {
    INITIATED: { description: "Asked for; the customer has not answered in Meta's Business Suite." },
    ACCEPTED: { description: 'The customer agreed: go on now, and not before.' },
    COMPLETED: { description: 'Done.' },
    REJECTED: { description: 'The customer declined.' },
    UNKNOWN: {
      description: 'Graph says nothing, or something that its documents do not: see `graphStatus`.',
    },
  } satisfies Record<(typeof intentStatuses)[number], object>,
})

const MigrationIntent = builder.objectRef<MigrationIntent>('MigrationIntent').implement({
  description:
    'A wish to add an account to a solution, to move it to another one, or to take it off. From Meta\'s guides on migration and its reference "Migration Intent Details API".',
  fields: (t) => ({
    intentId: t.exposeString('id', { description: "Meta's id of the intent." }),
    status: t.field({
      type: MigrationIntentStatus,
      description:
        'As Graph says now; of one that has ended, or cannot be read, as it was when it was last read. An account that is added to a solution is accepted by itself when the customer does nothing for 90 days.',
      resolve: intentStatus,
    }),
    graphStatus: t.string({
      nullable: true,
      description: "Graph's `status`, as sent; null when it could never be read.",
      resolve: graphStatusOf,
    }),
    solution: t.field({
      type: Solution,
      nullable: true,
      description: 'Where the account goes; null when it leaves its solution, or Graph does not say.',
      resolve: ({ node, recorded: told, viewer: { app } }) =>
        seen('Solution', node?.solution?.id ?? told?.solutionId, app),
    }),
    destinationWaba: t.field({
      type: ClientWaba,
      nullable: true,
      description:
        'The account that the numbers go to: subscribe to it, share credit with it, and register the numbers there ' +
        "(addPhoneNumber, with `migrate` where the account is not on Meta's new account model). Null until Graph names one.",
      resolve: ({ node, recorded: told, viewer: { app } }) =>
        seen('ClientWaba', node?.destination_waba?.id ?? told?.destinationWabaId, app),
    }),
    clientWaba: t.field({
      type: ClientWaba,
      nullable: true,
      description: 'The account that the intent was set on; null when Graph does not say.',
      resolve: ({ node, recorded: told, viewer: { app } }) =>
        seen('ClientWaba', node?.waba?.id ?? told?.wabaId, app),
    }),
    askedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When it was asked for, through this gateway. Null when it was not, or longer ago than 100 days.',
      resolve: ({ recorded: told }) => told?.askedAt ?? null,
    }),
    statusSince: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When the gateway first saw it in this state; Graph gives no times. Null when it was not asked for here.',
      resolve: ({ recorded: told }) => told?.since ?? null,
    }),
  }),
})

function seen<T extends 'Solution' | 'ClientWaba'>(type: T, id: string | null | undefined, app: AppConfig) {
  return id == null ? null : new NodeHandle(type, id, { app })
}

builder.objectField(ClientWaba, 'migrationIntents', (t) =>
  t.field({
    type: [MigrationIntent],
    nullable: true,
    description:
      'Migrations of this account that were asked for through this gateway by apps of the caller, newest first, up to 20. ' +
      'Those that have not ended are read at Graph, up to 5 of them, and a state that nobody was told of becomes an event. ' +
      'Graph has no list of its own, so what was asked for elsewhere is not among them. Null only beside an error that ' +
      'says why it could not be read.',
    resolve: async ({ id }, _, ctx) => [...(await listIntents(ctx, id))],
  }),
)

const MigrationIntentNews = builder.objectRef<IntentChange>('MigrationIntentNews').implement({
  description: 'What an event says of a migration intent. Nothing is read for it.',
  fields: (t) => ({
    intentId: t.string({
      description: "Meta's id of the intent.",
      resolve: ({ migrationIntentId }) => migrationIntentId,
    }),
    status: t.field({
      type: MigrationIntentStatus,
      description: 'What it had come to.',
      resolve: ({ status }) => statusNamed(status),
    }),
    graphStatus: t.string({
      nullable: true,
      description: "Graph's `status`, as sent; null when it had not been read.",
      resolve: ({ status }) => (status === 'UNKNOWN' ? null : status),
    }),
    previousGraphStatus: t.string({
      nullable: true,
      description:
        'What it was before, as far as the gateway knew; null of an intent that was just asked for.',
      resolve: ({ before }) => before ?? null,
    }),
    destinationWabaId: t.string({
      nullable: true,
      description: "Meta's id of the account that the numbers move to; null until Graph names one.",
      resolve: (news) => news.destinationWabaId ?? null,
    }),
  }),
})

builder.objectField(ClientWabaEvent, 'migrationIntent', (t) =>
  t.field({
    type: MigrationIntentNews,
    nullable: true,
    description:
      'Of a migration that was asked for through this gateway: that it was, or that its customer accepted or declined it, or that it is done. Meta sends no webhook for it: it is found by reading. Null of other events.',
    resolve: intentChangeIn,
  }),
)

builder.queryField('migrationIntent', (t) =>
  t.field({
    type: MigrationIntent,
    nullable: true,
    description:
      'A migration intent by its id; null when none of the apps can see it. Not kept: read anew each time.',
    args: {
      id: t.arg.id({ required: true, description: "Meta's id of the intent." }),
      wabaId: t.arg.id({
        description:
          "Global id or WABA id: read with this customer's business token, as a partner does while an account moves. " +
          'Without it the system token is used, as when an account leaves.',
      }),
    },
    resolve: async (_, { id, wabaId }, ctx) => {
      if (!isGraphId(id)) throw refuse('INVALID_INPUT', "id: Meta's id of an intent is expected.")
      if (wabaId == null) return readIntent(ctx, id, ctx.actor.apps, null, null)
      const waba = readView(ctx, 'ClientWaba', 'wabaId', wabaId)
      return readIntent(ctx, id, waba.apps, await customerOf(ctx, waba), waba.id)
    },
  }),
)

/** As the app sees it that was told of the account. */
async function customerOf(ctx: Ctx, { id: wabaId, apps }: View) {
  const [app] = apps
  if (!app) return null
  const known = await ctx.log.onboarding(
    { wabaId },
    apps.map(({ appId }) => appId),
  )
  const told = apps.find(({ appId }) => appId === known?.appId)
  return viewerOfAccount(await accountOf(ctx, told ?? app, wabaId))
}

const SetInput = builder.inputType('SolutionMigrationIntentInput', {
  description: 'Which account goes where. Exactly one of `solutionId` and `leave`.',
  fields: (t) => ({
    wabaId: t.id({ required: true, description: 'Global id or WABA id.' }),
    appId: t.id({
      description: 'The app that acts; may be left out when one of the apps sees the account.',
    }),
    solutionId: t.id({ description: 'Global id or Meta id of the active solution to go to.' }),
    leave: t.boolean({ description: 'True to leave the present solution, to this app alone.' }),
    idempotencyKey: t.string({ description: keyDescription }),
  }),
})

const SetMigrationIntentPayload = builder.objectRef<Extract<SetIntentResult, { type: 'Done' }>>(
  'SolutionMigrationIntentPayload',
)
SetMigrationIntentPayload.implement({
  description: 'The intent was set.',
  fields: (t) => ({
    intent: t.expose('intent', { type: MigrationIntent, description: 'The intent, read back.' }),
  }),
})

const SetMigrationIntentResult = resultByStateOf(
  SetMigrationIntentPayload,
  'The intent, or why there is none.',
)

interface Arguments {
  readonly wabaId: string
  readonly appId?: string | null | undefined
  readonly solutionId?: string | null | undefined
  readonly leave?: boolean | null | undefined
  readonly idempotencyKey?: string | null | undefined
}

builder.mutationField('setSolutionMigrationIntent', (t) =>
  t.field({
    type: SetMigrationIntentResult,
    description:
      "Tags an account to be added to a solution, moved to another or taken off, with the customer's business token. The customer then decides in Meta's Business Suite.",
    args: { input: t.arg({ type: SetInput, required: true, description: 'Which account goes where.' }) },
    resolve: (_, { input }, ctx) => set(ctx, input),
  }),
)

function set(ctx: Ctx, input: Arguments): Promise<SetIntentResult> | Invalid {
  const ids = readIds({ ...input }, { wabaId: 'ClientWaba', appId: 'App', solutionId: 'Solution' })
  if (isProblem(ids)) return ids
  const { leave, idempotencyKey = null } = input
  if ((ids.solutionId === null) !== (leave === true))
    return invalidInput(['input', 'solutionId'], 'Say either which solution, or `leave: true`.')
  return checkKey(idempotencyKey) ?? setIntent(ctx, { ...ids, wabaId: ids.wabaId ?? '', idempotencyKey })
}
