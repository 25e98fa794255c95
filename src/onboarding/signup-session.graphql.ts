import type { Ctx } from '../context.ts'
import type { Problem as AnyProblem } from '../errors/problem.ts'
import { reportSession, type Reported } from './signup/session-report.ts'
import { graphErrorsAsProblems } from '../problems.ts'
import { builder } from '../graphql/builder.ts'
import { resultOf } from '../graphql/problem.ts'
import { SignupSessionEvent } from '../feed/signup-session-event.graphql.ts'
import { isProblem, readIds } from '../graphql/refuse.ts'

const ReportSignupSessionInput = builder.inputType('ReportSignupSessionInput', {
  description: 'A message of Embedded Signup, and whose dialog it came from.',
  fields: (t) => ({
    appId: t.id({
      description: 'The app whose page opened the dialog; may be left out when one app is configured.',
    }),
    solutionId: t.id({ description: 'The solution that the dialog was opened for; none when left out.' }),
    message: t.field({
      type: 'JSON',
      required: true,
      description:
        'What `window` was posted: `{"type":"WA_EMBEDDED_SIGNUP","event":…,"data":{…}}`, as the object or as its text. The ' +
        'page has to see to it that it came from Meta: the host of `event.origin` is facebook.com or ends with ' +
        '.facebook.com. Of `data` only ids of accounts, number and portfolio, step, error, session and time are kept.',
    }),
    idempotencyKey: t.string({
      description:
        'One for each dialog that is opened makes repeats one event, and keeps two customers who leave on one screen apart. ' +
        'Left out, the same message within a minute is one event. 1 to 255 characters.',
    }),
  }),
})

interface SessionReported extends Reported {
  readonly type: 'Done'
}

const ReportSignupSessionPayload = builder
  .objectRef<SessionReported>('ReportSignupSessionPayload')
  .implement({
    description: 'The message is in the event log, and subscribers of `events` are told.',
    fields: (t) => ({
      event: t.expose('event', { type: SignupSessionEvent, description: 'The event that it is.' }),
      repeated: t.exposeBoolean('repeated', { description: 'True when it was handed in before.' }),
    }),
  })

const ReportSignupSessionResult = resultOf(
  ReportSignupSessionPayload,
  'The event, or why the message was not taken.',
)

interface Given {
  readonly appId?: string | null | undefined
  readonly solutionId?: string | null | undefined
  readonly message: unknown
  readonly idempotencyKey?: string | null | undefined
}

async function report(ctx: Ctx, input: Given): Promise<SessionReported | AnyProblem> {
  const ids = readIds({ ...input }, { appId: 'App', solutionId: 'Solution' })
  if (isProblem(ids)) return ids
  const { message, idempotencyKey = null } = input
  return graphErrorsAsProblems(async () => {
    const reported = await reportSession(ctx, { message, idempotencyKey, ...ids })
    return 'type' in reported ? reported : { type: 'Done' as const, ...reported }
  })
}

builder.mutationField('reportSignupSession', (t) =>
  t.field({
    type: ReportSignupSessionResult,
    description:
      'Hands in what Embedded Signup told the page: finished, cancelled on a screen, failed. It becomes an event, so that an ' +
      'abandoned signup and where it stopped are seen. Nothing is sent to Graph; the code goes to `completeEmbeddedSignup`.',
    args: {
      input: t.arg({
        type: ReportSignupSessionInput,
        required: true,
        description: 'The message, and whose.',
      }),
    },
    resolve: (_, { input }, ctx) => report(ctx, input as Given),
  }),
)
