import { luckyShrub, type Customer, type Json, type Play } from '../play.ts'
import { route, type Verb } from './verb.ts'

/** Another one for each account: no two have the same. */
const newNumber = ({ customer: { waba_id: id } }: Place): Json => ({
  countryCode: '49',
  phoneNumber: `151${id.slice(-8)}`,
  verifiedName: 'Second',
})
export const pin = '271828'

interface Place {
  readonly play: Play
  readonly account: Json
  readonly customer: Customer
}

async function place(play: Play, signup: Json = {}): Promise<Place> {
  const customer = await play.customer(await play.solution('Together'), signup)
  return { play, customer, account: { wabaId: customer.waba_id, appId: luckyShrub } }
}

const first = ({ account, customer }: Place): Json => ({
  ...account,
  phoneNumberId: customer.phone_number_ids[0],
})

/** A number that was added and is not verified, with the code that waits for it. */
function second({ play, customer }: Place): { readonly id: string; readonly code?: string } {
  const account = play.sim.state().accounts.find(({ id }) => id === customer.waba_id)
  const number = account?.phoneNumbers.find(({ verification }) => verification !== 'VERIFIED')
  if (!number) throw new Error('No number waits to be verified')
  return number
}

async function codeInput(at: Place): Promise<Json> {
  await at.play.mutate('addPhoneNumber', { ...at.account, ...newNumber(at) })
  return { ...at.account, phoneNumberId: second(at).id, codeMethod: 'SMS', language: 'en_US' }
}

function step(verb: Omit<Verb, 'prepare'>, bring: (at: Place) => Promise<Json> | Json): Verb {
  return {
    ...verb,
    prepare: async (play) => {
      const input = await bring(await place(play))
      return () => input
    },
  }
}

const shown = { shows: true, key: 'optional' } as const

export const numberVerbs: readonly Verb[] = [
  step({ ...shown, field: 'addPhoneNumber', routes: [route('POST', '/{waba}/phone_numbers')] }, (at) => ({
    ...at.account,
    ...newNumber(at),
  })),
  step(
    {
      field: 'requestPhoneNumberCode',
      routes: [route('POST', '/{phone}/request_code')],
      shows: false,
      key: 'optional',
      again: ['RATE_LIMITED'],
    },
    codeInput,
  ),
  step(
    { ...shown, field: 'verifyPhoneNumberCode', routes: [route('POST', '/{phone}/verify_code')] },
    async (at) => {
      const request = await codeInput(at)
      await at.play.mutate('requestPhoneNumberCode', request)
      const { id: phoneNumberId, code } = second(at)
      return { ...at.account, phoneNumberId, code }
    },
  ),
  step({ ...shown, field: 'registerPhoneNumber', routes: [route('POST', '/{phone}/register')] }, (at) => ({
    ...first(at),
    pin,
  })),
  step(
    { ...shown, field: 'deregisterPhoneNumber', routes: [route('POST', '/{phone}/deregister')] },
    async (at) => {
      await at.play.mutate('registerPhoneNumber', { ...first(at), pin })
      return first(at)
    },
  ),
  {
    field: 'startCoexistenceSync',
    routes: [route('POST', '/{phone}/smb_app_data')],
    shows: false,
    key: 'optional',
    // Known from the log, or from Meta, who takes each request once.
    again: ['WRONG_STATE', 'UPSTREAM_REFUSED'],
    prepare: async (play) => {
      const at = await place(play, { coexistence: true })
      await play.mutate('subscribeAppToWaba', at.account)
      const input = { ...first(at), type: 'HISTORY' }
      return () => input
    },
  },
]
