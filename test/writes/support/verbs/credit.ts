import { creditLine, luckyShrub, type Customer, type Json, type Play } from '../play.ts'
import { pin } from './numbers.ts'
import { route, type Verb } from './verb.ts'

const customer = async (play: Play): Promise<Customer> => play.customer(await play.solution('Together'))
const assign = route('POST', '/{waba}/assigned_users')
const shareAndAttach = route('POST', '/{creditLine}/whatsapp_credit_sharing_and_attach')

const sharing = ({ waba_id: wabaId }: Customer): Json => ({
  wabaId,
  appId: luckyShrub,
  creditLineId: creditLine,
  currency: 'USD',
  addSystemUser: true,
})

export const creditVerbs: readonly Verb[] = [
  {
    field: 'shareCreditLine',
    routes: [assign, shareAndAttach],
    shows: true,
    key: 'optional',
    prepare: async (play) => {
      const input = sharing(await customer(play))
      return () => input
    },
  },
  {
    field: 'shareCreditLine',
    variant: 'in two steps',
    routes: [
      route('POST', '/{creditLine}/whatsapp_credit_sharing'),
      route('POST', '/{creditLine}/whatsapp_credit_attach'),
    ],
    shows: true,
    key: 'optional',
    prepare: async (play) => {
      const input = sharing(await customer(play))
      return () => ({ ...input, method: 'SHARE_THEN_ATTACH', addSystemUser: false })
    },
  },
  {
    field: 'revokeCreditAllocation',
    routes: [route('DELETE', '/{allocation}')],
    shows: true,
    key: 'optional',
    prepare: async (play) => {
      const one = await customer(play)
      const shared = await play.mutate('shareCreditLine', sharing(one))
      const { allocationId } = shared['creditAllocation'] as { allocationId: string }
      return () => ({ allocationId, appId: luckyShrub, confirmReceivingBusinessId: one.business_id })
    },
  },
  {
    field: 'onboardClientWaba',
    routes: [
      route('POST', '/{waba}/subscribed_apps'),
      assign,
      shareAndAttach,
      route('POST', '/{phone}/register'),
    ],
    shows: true,
    key: 'optional',
    prepare: async (play) => {
      const { waba_id: wabaId } = await customer(play)
      return () => ({ wabaId, appId: luckyShrub, currency: 'USD', pin })
    },
  },
]
