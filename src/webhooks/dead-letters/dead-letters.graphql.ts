import { appOf, type Ctx } from '../../context.ts'
import type { Redrive } from '../../events/dead-letters.ts'
import { builder } from '../../graphql/builder.ts'
import { connectionOf } from '../../graphql/connection.ts'
import { Node } from '../../graphql/node.ts'
import { readId, readOptionalId, refuse } from '../../graphql/refuse.ts'
import { toConnection } from '../../lib/connection.ts'
import { DeadLetterRow, deadLetterRowOf } from './row.ts'

/** What stands behind a colon may quote what somebody sent. */
const withoutQuote = (text: string): string => text.split(':')[0] ?? ''

const DeadLetterAttempt = builder.objectRef<Redrive>('DeadLetterAttempt').implement({
  description: 'A try to handle a dead letter again, or its dismissal.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When it was tried.' }),
    handled: t.exposeBoolean('handled', { description: 'Whether the letter has been settled by it.' }),
    detail: t.string({
      nullable: true,
      description:
        'Why it failed again, or what came of it: `discarded`, `nothing of it was stored`. Null when it is an event now.',
      resolve: ({ detail }) => (detail === null ? null : withoutQuote(detail)),
    }),
  }),
})

export const DeadLetterNode = builder.objectRef<DeadLetterRow>('DeadLetter')

DeadLetterNode.implement({
  description:
    'A piece of a webhook that could not be read or handled, kept before the 200 for a person to look at. It holds no more ' +
    'than an event may: of what nobody could read only its size.',
  interfaces: [Node],
  isTypeOf: (value) => value instanceof DeadLetterRow,
  fields: (t) => ({
    appId: t.string({
      description: 'Meta id of the app that it was sent to.',
      resolve: ({ summary }) => summary.appId,
    }),
    receivedAt: t.field({
      type: 'DateTime',
      description: 'When it came.',
      resolve: ({ summary }) => summary.receivedAt,
    }),
    reason: t.string({
      description:
        'Why it could not be read or handled (open list: `body is not JSON`, `entry is not an object`, `could not be handled` …). ' +
        "An error's own words are in the log alone, because they may quote what was sent.",
      resolve: ({ summary }) => withoutQuote(summary.reason),
    }),
    size: t.int({ description: 'Bytes of what was sent.', resolve: ({ summary }) => summary.size }),
    handled: t.boolean({
      description: 'False while it waits: `redriveDeadLetter` and `discardDeadLetter` settle it.',
      resolve: ({ summary }) => summary.handled,
    }),
    kept: t.field({
      type: 'JSON',
      nullable: true,
      description:
        'What is kept of it, as a post of one change with the members that an event would have. Null when nothing is.',
      resolve: async (row, _, ctx) => keptOf((await row.whole(ctx))?.raw ?? Buffer.of()),
    }),
    attempts: t.field({
      type: [DeadLetterAttempt],
      description: 'What was tried with it, oldest first.',
      resolve: async (row, _, ctx) => (await row.whole(ctx))?.redrives ?? [],
    }),
  }),
})

function keptOf(raw: Buffer): unknown {
  try {
    return raw.length === 0 ? null : (JSON.parse(raw.toString()) as unknown)
  } catch {
    return null
  }
}

const DeadLetterConnection = connectionOf('DeadLetter', DeadLetterNode, 'dead letters')

builder.queryField('deadLetters', (t) =>
  t.field({
    type: DeadLetterConnection,
    nullable: true,
    description:
      "Pieces of webhooks that could not be read or handled, oldest first, from the gateway's own store. Null only beside an " +
      'error that says why it could not be read.',
    args: {
      appId: t.arg.id({
        description: 'Of this app alone: global id or Meta app id. Of all apps of the caller when left out.',
      }),
      handled: t.arg.boolean({
        description: 'Only those that wait (false) or that are settled (true). All when left out.',
      }),
      first: t.arg.int({ description: 'How many, 1 to 100. 25 when left out.' }),
      after: t.arg.string({ description: 'Cursor behind which the page begins.' }),
    },
    resolve: (_, args, ctx) => pageOfLetters(ctx, args),
  }),
)

interface PageArguments {
  readonly appId?: string | null | undefined
  readonly handled?: boolean | null | undefined
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
}

async function pageOfLetters(ctx: Ctx, { appId, handled, first, after }: PageArguments) {
  const size = first ?? 25
  if (size < 1 || size > 100) throw refuse('INVALID_INPUT', 'first must be from 1 to 100.')
  const apps = appsOf(ctx, readOptionalId('App', 'appId', appId))
  const letters = await ctx.deadLetters.list({
    limit: size + 1,
    appIds: apps.map((app) => app.appId),
    ...(after != null && { after: Number(readId('DeadLetter', 'after', after)) }),
    ...(handled != null && { handled }),
  })
  const rows = letters.slice(0, size).flatMap((letter) => deadLetterRowOf(letter, apps) ?? [])
  return toConnection(
    rows.map((node) => ({ cursor: node.cursor, node })),
    { hasNextPage: letters.length > size, hasPreviousPage: after != null },
  )
}

function appsOf(ctx: Ctx, appId: string | null): Ctx['apps'] {
  if (appId === null) return ctx.actor.apps
  const app = appOf(ctx, appId)
  if (app) return [app]
  throw refuse('NOT_FOUND', 'appId: the gateway holds no such app for this caller.')
}
