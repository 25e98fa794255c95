import type { StoredEvent } from '../events/event.ts'
import { errorIn, sessionIn } from '../alerts/signup-session.ts'
import type { sessionOutcomes } from '../alerts/signup-session-message.ts'
import { builder } from '../graphql/builder.ts'
import { isEvent } from './event.graphql.ts'
import { Node } from '../graphql/node.ts'
import { Event } from '../graphql/refs.ts'

const SignupSessionOutcome = builder.enumType('SignupSessionOutcome', {
  description: 'How a dialog of Embedded Signup ended.',
  values: {
    FINISHED: { description: 'The customer went through to an end: FINISH, or any of its kinds.' },
    CANCELLED: { description: 'The customer left the dialog, or reported an error in it (CANCEL).' },
    ERROR: { description: 'The dialog failed (ERROR).' },
    UNKNOWN: { description: 'An end that this gateway does not know: see `sessionEvent`.' },
  } satisfies Record<(typeof sessionOutcomes)[number], object>,
})

export const SignupSessionEvent = builder.objectRef<StoredEvent>('SignupSessionEvent').implement({
  description:
    'What a dialog of Embedded Signup told the page that had opened it, as handed in with `reportSignupSession`. A hint from ' +
    "a browser and no proof: nothing is taken for an arrival, an owner or a token because of it. Source: Meta's pages " +
    '"Embedded Signup, implementation" and "errors".',
  interfaces: [Event, Node],
  isTypeOf: isEvent('SignupSessionEvent'),
  fields: (t) => ({
    outcome: t.field({
      type: SignupSessionOutcome,
      description: 'How it ended.',
      resolve: (event) => sessionIn(event).outcome,
    }),
    sessionEvent: t.string({
      description: "Meta's own name of the end, e.g. FINISH_ONLY_WABA: an open list.",
      resolve: (event) => sessionIn(event).event,
    }),
    step: t.string({
      nullable: true,
      description:
        'Of a CANCEL the screen on which the customer left, as sent, e.g. PHONE_NUMBER_SETUP. Null where none was told.',
      resolve: (event) => sessionIn(event).step,
    }),
    errorCode: t.string({
      nullable: true,
      description: "The code of the dialog's error. Null where none was told.",
      resolve: (event) => sessionIn(event).errorCode,
    }),
    errorMessage: t.string({
      nullable: true,
      description:
        'Always null: what a browser says in words may name people, and is not kept. See `advice`.',
      deprecationReason: 'The words are not kept: read `advice`.',
      resolve: () => null,
    }),
    advice: t.string({
      nullable: true,
      description:
        "What the error is and what helps, for people to read. Null of codes that are not on Meta's page.",
      resolve: (event) => errorIn(sessionIn(event))?.text ?? null,
    }),
    sessionId: t.string({
      nullable: true,
      description: "Meta's id of the session, for Meta's support; null where none was told.",
      resolve: (event) => sessionIn(event).sessionId,
    }),
    reportedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The time in the message; null where there was none.',
      resolve: (event) => sessionIn(event).at,
    }),
    wabaIds: t.idList({
      description: "Meta's ids of the accounts that the page was told of. Empty where none were.",
      resolve: (event) => [...sessionIn(event).wabaIds],
    }),
    phoneNumberId: t.id({
      nullable: true,
      description: "Meta's id of the phone number. Null where none was told, as after coexistence.",
      resolve: (event) => sessionIn(event).phoneNumberId,
    }),
    businessId: t.id({
      nullable: true,
      description: "Meta's id of the customer's portfolio; null where none was told.",
      resolve: (event) => sessionIn(event).businessId,
    }),
    coexistence: t.boolean({
      nullable: true,
      description:
        'Whether the number stays in the WhatsApp Business app: then it must not be registered. Null where the dialog was ' +
        'not finished, or its end does not say.',
      resolve: (event) => sessionIn(event).coexistence,
    }),
    solutionId: t.exposeString('solutionId', {
      nullable: true,
      description: 'The solution whose dialog it was, as the page said; null when it did not.',
    }),
  }),
})
