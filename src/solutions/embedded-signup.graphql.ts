import { appOf, type Ctx } from '../context.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { builder } from '../graphql/builder.ts'
import { needs } from '../graphql/graph-field.ts'
import { App, Solution } from '../graphql/refs.ts'
import { refuse } from '../graphql/refuse.ts'
import {
  launchOptions,
  refuseLaunch,
  type Feature,
  type FeatureType,
  type LaunchWish,
} from './embedded-signup.ts'
import { statusFields } from './fields.ts'
import { acceptsOnboarding, statusOf } from './lifecycle.ts'
import { PrefillType, prefillOf, type PrefillInput } from './embedded-signup-prefill.graphql.ts'

const FeatureTypeEnum = builder.enumType('EmbeddedSignupFeatureType', {
  description: 'A flow of Embedded Signup v4 other than the ordinary one.',
  values: {
    WHATSAPP_BUSINESS_APP_ONBOARDING: {
      value: 'whatsapp_business_app_onboarding',
      description: 'Coexistence: the customer keeps a number that is in use in the WhatsApp Business app.',
    },
  } satisfies Record<Uppercase<FeatureType>, { value: FeatureType; description: string }>,
})

const FeatureEnum = builder.enumType('EmbeddedSignupFeature', {
  description: 'A feature of Embedded Signup v4 that is switched on for one dialog.',
  values: {
    APP_ONLY_INSTALL: {
      value: 'app_only_install',
      description:
        'The app is granted its permissions and no system user of yours comes onto the account: business tokens only. ' +
        'Its webhook is PARTNER_APP_INSTALLED. Not for coexistence.',
    },
  } satisfies Record<Uppercase<Feature>, { value: Feature; description: string }>,
})

const optionsDescription =
  "The options object for `FB.login(callback, options)`, ready to be passed on: those of Embedded Signup v4, from Meta's " +
  'page "Embedded Signup, implementation". Which version the dialog is of, the login configuration says and not `extras`.'

interface Launch {
  readonly solutionId: string
  readonly options: unknown
}

const EmbeddedSignupLaunch = builder.objectRef<Launch>('EmbeddedSignupLaunch').implement({
  description: 'What it takes to open Embedded Signup for a solution.',
  fields: (t) => ({
    solutionId: t.exposeString('solutionId', {
      description: "Meta's id of the solution that customers will be onboarded to.",
    }),
    options: t.expose('options', { type: 'JSON', description: optionsDescription }),
  }),
})

interface AppLaunch {
  readonly appId: string
  readonly options: unknown
}

const AppEmbeddedSignupLaunch = builder.objectRef<AppLaunch>('AppEmbeddedSignupLaunch').implement({
  description: 'What it takes to open Embedded Signup for an app alone, without a solution.',
  fields: (t) => ({
    appId: t.exposeString('appId', {
      description: "Meta's id of the app that the page initialises the SDK with.",
    }),
    options: t.expose('options', { type: 'JSON', description: optionsDescription }),
  }),
})

interface LaunchArguments {
  readonly configId: string
  readonly featureType?: FeatureType | null | undefined
  readonly features?: readonly Feature[] | null | undefined
  readonly prefill?: PrefillInput | null | undefined
  readonly signupVersion?: string | null | undefined
}

const launchArgs = builder.args((t) => ({
  configId: t.string({
    required: true,
    description:
      'Id of the Facebook Login for Business configuration of the app whose page opens Embedded Signup. It has to be a v4 ' +
      'one, made with products selected: one that was made for v2 or v3, which ended in October 2026, opens no v4.',
  }),
  featureType: t.field({
    type: FeatureTypeEnum,
    description: 'Another flow than the ordinary one, which comes when left out.',
  }),
  features: t.field({ type: [FeatureEnum], description: 'Features to switch on; none when left out.' }),
  prefill: t.field({
    type: PrefillType,
    description: 'What the dialog shows filled in; passed on, never kept.',
  }),
  signupVersion: t.string({
    description:
      'Sent as `extras.version`, e.g. `v4-public-preview`. Left out, none is sent, which is what v4 takes.',
  }),
}))

builder.objectField(Solution, 'embeddedSignup', (t) =>
  t.field({
    type: EmbeddedSignupLaunch,
    nullable: true,
    description:
      'What an Embedded Signup page passes to the launcher; null while customers cannot be onboarded.',
    args: launchArgs,
    ...needs(statusFields),
    resolve: (solution, args, ctx) => launch(solution, args, ctx),
  }),
)

builder.objectField(App, 'embeddedSignup', (t) =>
  t.field({
    type: AppEmbeddedSignupLaunch,
    nullable: true,
    description:
      "What a page passes to the launcher for a signup without a solution; null for a partner's app.",
    args: launchArgs,
    resolve: (app, args, ctx) =>
      appOf(ctx, app.id) && { appId: app.id, options: launchOptions(wishOf(null, args)) },
  }),
)

async function launch(
  solution: NodeHandle<'Solution'>,
  args: LaunchArguments,
  { reads }: Ctx,
): Promise<Launch | null> {
  const wish = wishOf(solution.id, args)
  const status = statusOf(await solution.get(reads, statusFields))
  return acceptsOnboarding(status) ? { solutionId: solution.id, options: launchOptions(wish) } : null
}

function wishOf(solutionId: string | null, args: LaunchArguments): LaunchWish {
  const { configId, featureType = null, features, prefill, signupVersion: version = null } = args
  const wish = {
    solutionId,
    configId,
    featureType,
    features: features ?? [],
    prefill: prefill ? prefillOf(prefill) : null,
    version,
  }
  const refused = refuseLaunch(wish)
  if (refused !== null) throw refuse('INVALID_INPUT', refused)
  return wish
}
