import { luckyShrub, socialOverdrive, type Customer, type Play } from '../play.ts'
import { route, type Verb } from './verb.ts'

const customer = async (play: Play): Promise<Customer> => play.customer(await play.solution('Together'))
const mine = ({ waba_id: wabaId }: Customer) => ({ wabaId, appId: luckyShrub })
export const override = {
  callbackUri: 'https://hooks.example.com/in',
  verifyToken: 'a-token-of-the-callback',
}

type Bring = (play: Play, input: ReturnType<typeof mine>) => Promise<unknown>

const subscribed: Bring = (play, input) => play.mutate('subscribeAppToWaba', input)

/** A change of an account that is there. */
function change(
  verb: Pick<Verb, 'field' | 'routes' | 'wired'>,
  { before = async () => null, more = {} }: { before?: Bring; more?: object } = {},
): Verb {
  return {
    ...verb,
    shows: true,
    key: 'optional',
    prepare: async (play) => {
      const input = mine(await customer(play))
      await before(play, input)
      return () => ({ ...input, ...more })
    },
  }
}

export const accountVerbs: readonly Verb[] = [
  change({ field: 'subscribeAppToWaba', routes: [route('POST', '/{waba}/subscribed_apps')] }),
  change(
    { field: 'unsubscribeAppFromWaba', routes: [route('DELETE', '/{waba}/subscribed_apps')] },
    { before: subscribed },
  ),
  change(
    { field: 'setWabaWebhookOverride', routes: [route('POST', '/{waba}/subscribed_apps')], wired: true },
    { before: subscribed, more: override },
  ),
  change(
    { field: 'clearWabaWebhookOverride', routes: [route('POST', '/{waba}/subscribed_apps')], wired: true },
    {
      before: async (play, input) => {
        await subscribed(play, input)
        await play.mutate('setWabaWebhookOverride', { ...input, ...override })
      },
    },
  ),
  change(
    { field: 'assignUserToWaba', routes: [route('POST', '/{waba}/assigned_users')] },
    { more: { tasks: ['MANAGE'] } },
  ),
  change(
    { field: 'unassignUserFromWaba', routes: [route('DELETE', '/{waba}/assigned_users')] },
    { before: (play, input) => play.mutate('assignUserToWaba', { ...input, tasks: ['MANAGE'] }) },
  ),
  {
    field: 'setSolutionMigrationIntent',
    routes: [route('POST', '/{waba}/set_solution_migration_intent')],
    shows: false,
    key: 'optional',
    again: ['UPSTREAM_REFUSED'],
    prepare: async (play) => {
      const { waba_id: wabaId } = await customer(play)
      const solutionId = await play.solution('Elsewhere')
      return () => ({ wabaId, solutionId, appId: socialOverdrive })
    },
  },
  {
    field: 'completeEmbeddedSignup',
    routes: [route('GET', '/oauth/access_token')],
    shows: false,
    key: 'derived',
    prepare: async (play) => {
      const { code, waba_id: wabaId } = await play.control.play<Customer>('onboard', {
        app_id: socialOverdrive,
      })
      return () => ({ appId: socialOverdrive, code, wabaId })
    },
  },
  {
    field: 'submitBusinessVerification',
    routes: [route('POST', '/{business}/self_certify_whatsapp_business')],
    shows: true,
    key: 'optional',
    again: ['CONFLICT'],
    prepare: async (play) => {
      const { business_id: businessId } = await customer(play)
      return async (instance) => ({
        appId: luckyShrub,
        businessId,
        documentIds: [await play.upload(instance)],
      })
    },
  },
]
