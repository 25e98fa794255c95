import { appOf, type Ctx } from '../context.ts'
import {
  budgetOf,
  readRequests,
  type RegistrationBudget as Budget,
} from '../phone-numbers/registration-budget.ts'
import { hasQuota, quotaOf, type LimitSource, type OnboardingQuota as Quota } from './quota.ts'
import { builder } from '../graphql/builder.ts'
import { App, PhoneNumber } from '../graphql/refs.ts'

const OnboardingLimitSource = builder.enumType('OnboardingLimitSource', {
  description: 'Where a limit on new customers comes from. No call of Graph tells it.',
  values: {
    CONFIGURED: {
      description: 'ONBOARDING_WEEKLY_LIMIT, or `onboardingWeeklyLimit` of the app in GATEWAY_CONFIG.',
    },
    ASSUMED: {
      description:
        'Nobody has said: 200, what Meta allows a Tech Provider in a solution, and anybody after its verifications.',
    },
  } satisfies Record<LimitSource, object>,
})

const OnboardingQuota = builder.objectRef<Quota>('OnboardingQuota').implement({
  description:
    'New customers in the rolling week, against the limit. Meta allows 10 before Business Verification, App Review and ' +
    'Access Verification, 200 after them, and more only to Meta Business Partners. Told from the arrivals in ' +
    "this gateway's log; whether Meta knew a customer before, through somebody else, cannot be known here, so `used` may " +
    'be too high and never counts what the gateway was not told. Source: Meta\'s page "Embedded Signup" and guide ' +
    '"Multi-Partner Solutions".',
  fields: (t) => ({
    limit: t.exposeInt('limit', {
      description: 'New customers that Meta allows in a week, as `limitSource` has it.',
    }),
    limitSource: t.expose('limitSource', {
      type: OnboardingLimitSource,
      description: 'Whether the limit was configured or is assumed.',
    }),
    used: t.exposeInt('used', {
      description: 'Businesses that came for the first time in the last seven days.',
    }),
    remaining: t.exposeInt('remaining', { description: 'How many more may come now.' }),
    nextReleaseAt: t.expose('nextReleaseAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the oldest onboarding that counts leaves the window; null when none counts.',
    }),
  }),
})

builder.objectField(App, 'onboardingQuota', (t) =>
  t.field({
    type: OnboardingQuota,
    nullable: true,
    description:
      "How many new customers may still come this week. Null for a partner's app, and, where no limit is configured, for an " +
      "app whose business has a credit line, which is a Solution Partner's: what is assumed is a Tech Provider's.",
    resolve: async (node, _, ctx) => {
      const app = appOf(ctx, node.id)
      return app && (await hasQuota(ctx, app)) ? quotaOf(ctx, app) : null
    },
  }),
)

const RegistrationBudget = builder.objectRef<Budget>('RegistrationBudget').implement({
  description:
    'Register and deregister requests of a number in the rolling 72 hours, counted as this gateway sent them. All partners ' +
    'that have the number use up one limit, and requests of others are known only once Meta has refused one: `used` is a ' +
    'lower bound, `remaining` an upper one. Source: Meta\'s page "Business phone numbers, registration".',
  fields: (t) => ({
    limit: t.exposeInt('limit', { description: 'Requests that Meta takes in 72 hours.' }),
    used: t.exposeInt('used', {
      description: 'Sent by this gateway in the last 72 hours, whatever came of them: at least so many.',
    }),
    remaining: t.exposeInt('remaining', {
      description: 'How many more may be sent now, unless others have used them up.',
    }),
    nextReleaseAt: t.expose('nextReleaseAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When one more may be sent than now, as far as is known; null when none counts.',
    }),
  }),
})

builder.objectField(PhoneNumber, 'registrationBudget', (t) =>
  t.field({
    type: RegistrationBudget,
    nullable: true,
    description:
      'How often the number may still be registered or deregistered. Null only beside an error that says why it could not be read.',
    resolve: async (number, _, ctx) => budgetOf(await recentRequests(ctx), number.id, ctx.clock()),
  }),
)

const asking = new WeakMap<Ctx, ReturnType<typeof readRequests>>()

/** Numbers that are shown together share one read of the log. */
export function recentRequests(ctx: Ctx): ReturnType<typeof readRequests> {
  const known = asking.get(ctx)
  if (known) return known
  const requests = readRequests(ctx).finally(() => asking.delete(ctx))
  asking.set(ctx, requests)
  return requests
}
