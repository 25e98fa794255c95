import type { Party } from '../errors.ts'

export interface SignupError {
  /** Null when nobody has to act. */
  readonly waitsFor: Party | null
  /** What helps, for a support page. */
  readonly advice: string
}

type Row = readonly [codes: readonly number[], waitsFor: Party | null, advice: string]

// Meta's page "Embedded Signup, errors". These stand in the dialog and in its messages, and in no answer of Graph's.
const rows: readonly Row[] = [
  [
    [2655049, 2494028],
    'CUSTOMER',
    'The account is shared with another partner: the customer ends that, or chooses a new account.',
  ],
  [[2494119], null, 'The account is shared with this partner already.'],
  [[2494091], 'US', "The partner's own business has to be verified first."],
  [
    [2494029, 2494120, 2593072],
    'CUSTOMER',
    "This account cannot be shared or reached: the customer chooses another one, or asks Meta's support.",
  ],
  [
    [2388098, 2494067],
    'CUSTOMER',
    'There are as many accounts as the business may have: it has itself verified, or deletes one.',
  ],
  [[2494030], 'META', 'A verification of the business is under way: wait for its end.'],
  [
    [2494143],
    'CUSTOMER',
    'Another partner has begun to verify this business: the customer goes on with that partner.',
  ],
  [
    [2655089, 3441040, 2388107],
    'CUSTOMER',
    'The account is restricted: the customer appeals in Business Support Home.',
  ],
  [
    [2388002, 3441051, 2655011],
    'CUSTOMER',
    'This number cannot be added: the customer checks it, or takes another one.',
  ],
  [
    [3441030, 3441049, 2655094],
    'CUSTOMER',
    'The number is registered elsewhere: the customer disconnects it in the app, waits 15 minutes and begins again.',
  ],
  [
    [2655093],
    'CUSTOMER',
    'The number in the WhatsApp Business app is shared with a partner: the customer disconnects that one first.',
  ],
  [[3441041], 'CUSTOMER', 'The number in the WhatsApp Business app belongs to another business.'],
  [[3441045], 'CUSTOMER', 'The number has to be in use in the WhatsApp Business app for a while longer.'],
  [[3441042], 'CUSTOMER', 'Numbers of this country or region cannot be used in the app and here at once.'],
  [[2655095], 'CUSTOMER', 'The number is not in the WhatsApp Business app.'],
  [
    [2655048],
    'CUSTOMER',
    'The number uses marketing messages of the app, which does not go together with this.',
  ],
  [[3441047], 'CUSTOMER', 'The WhatsApp Business app is too old: the customer updates it.'],
  [[4563015, 2655082], 'CUSTOMER', 'The number is linked to a Page: the customer ends that first.'],
  [[2593037, 2593039], 'META', 'The code was not sent, or not verified: wait, and try again.'],
  [[2494158], 'META', 'Codes were asked for too often: try again in about 12 hours.'],
  [
    [3441033, 3441046, 1390006, 1675004, 1390008],
    'META',
    'There were too many tries: wait, and try again later.',
  ],
  [
    [2859009, 4612001],
    'CUSTOMER',
    'The person who signs up has to log in with two factors, or switch that on.',
  ],
]

const table: ReadonlyMap<string, SignupError> = new Map(
  rows.flatMap(([codes, waitsFor, advice]) =>
    codes.map((code) => [String(code), { waitsFor, advice }] as const),
  ),
)

/** Null of a code that is not on Meta's page. */
export const signupError = (code: string | null): SignupError | null =>
  code === null ? null : (table.get(code) ?? null)
