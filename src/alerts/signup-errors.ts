import type { Party } from '../errors/problem.ts'

/** An error that the pop-up of Embedded Signup showed the customer. */
export interface SignupError {
  /** Null when there is nothing to do. */
  readonly waitsFor: Party | null
  /** What it is about, and what to do, for a person. */
  readonly text: string
}

type SignupErrorRow = readonly [codes: readonly number[], waitsFor: Party | null, text: string]

const appLink = 'disconnect it in the WhatsApp Business app, wait 15 minutes, and sign up again'

/** Meta's page "Embedded Signup, errors": codes of the pop-up and of `CANCEL` events, which come in no answer of Graph. */
const rows: readonly SignupErrorRow[] = [
  [
    [2655049, 2494028],
    'CUSTOMER',
    'The account is shared with another partner: the customer unshares it, or makes a new one.',
  ],
  [[2494119], null, 'The account is shared with this partner already.'],
  [[2494091], 'US', "The partner's own business is not verified."],
  [
    [2494029, 2494120, 2593072],
    'CUSTOMER',
    'The account cannot be shared or reached: choose another, or ask Meta.',
  ],
  [
    [2388098],
    'CUSTOMER',
    'A business that is not verified has as many accounts as it may have: it is verified first.',
  ],
  [[2494067], 'CUSTOMER', 'The business has as many accounts as it may have: one is deleted first.'],
  [[2494030], 'META', 'The verification of the business is under way.'],
  [
    [2494143],
    'CUSTOMER',
    'Another partner is having the business verified: the customer stays with that one until it is done.',
  ],
  [[2655089, 3441040, 2388107], 'CUSTOMER', 'The account is restricted: see Business Support Home.'],
  [
    [2388002, 3441051, 2655011],
    'CUSTOMER',
    'The number cannot be added, is none, or is not linked: try another.',
  ],
  [[3441030, 3441049, 2655094], 'CUSTOMER', `The number is registered elsewhere: ${appLink}.`],
  [
    [2655093],
    'CUSTOMER',
    `The number of the WhatsApp Business app is shared with a partner already: ${appLink}.`,
  ],
  // Which of these codes is which of the reasons, no copy of the page says.
  [
    [3441041, 3441045, 3441042, 2655095, 2655048, 3441047, 4563015, 2655082],
    'CUSTOMER',
    'The number cannot be used with the WhatsApp Business app and the API at once: it is of another business, is not used ' +
      'in the app, or not for long enough, is of a region without that, sends marketing messages, has an app that is too ' +
      'old, or is linked to a Facebook Page.',
  ],
  [[2593037], 'META', 'The code could not be sent: try again in about 12 hours.'],
  [[2593039], 'META', 'The code could not be checked: try again in about 12 hours.'],
  [[2494158], 'META', 'Too many codes were asked for: try again in about 12 hours.'],
  [[3441033, 3441046, 1390006, 1675004, 1390008], 'META', 'It was tried too often: wait.'],
  [[2859009, 4612001], 'CUSTOMER', 'The customer has to log in with two factors.'],
  // The same numbers in an answer of Graph are about the moving of numbers.
  [[2388091], 'META', 'The code could not be sent: try again later.'],
  [[2388093], 'CUSTOMER', 'The code could not be checked: enter the one that came last.'],
]

const byCode: ReadonlyMap<number, SignupError> = new Map(
  rows.flatMap(([codes, waitsFor, text]) => codes.map((code) => [code, { waitsFor, text }] as const)),
)

/** What a code of Embedded Signup means; null when no page says so. */
export const signupError = (code: number): SignupError | null => byCode.get(code) ?? null
