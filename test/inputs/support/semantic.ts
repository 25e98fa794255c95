import type { BadInput } from './bad-values.ts'

type Fine = Readonly<Record<string, unknown>>
type Case = (fine: Fine) => BadInput

const bad =
  (field: string, what: string, wrong: Fine): Case =>
  (fine) => ({
    what: `${what} (${JSON.stringify(wrong)})`,
    input: { ...fine, ...wrong },
    refusedBy: { field },
  })

const pins = ['12345', '1234567', '12345a', '١٢٣٤٥٦', ' 123456'].map((pin) =>
  bad('pin', 'a PIN has six digits', { pin }),
)
const regions = ['Germany', 'de', 'D', 'DEU'].map((dataLocalizationRegion) =>
  bad('dataLocalizationRegion', 'a region is a country code', { dataLocalizationRegion }),
)
/** Of every mutation. */
export const longKey = bad('idempotencyKey', 'a key has 255 characters at most', {
  idempotencyKey: 'k'.repeat(256),
})
const names = [
  bad('name', 'one letter', { name: 'x' }),
  bad('name', '76 letters', { name: 'x'.repeat(76) }),
  bad('name', 'white space', { name: '     ' }),
]
const noApp = bad('appId', 'no app where there are several', { appId: null })

/** What no type says. */
export const semanticCases: Readonly<Record<string, readonly Case[]>> = {
  createSolution: [
    ...names,
    noApp,
    (fine) => ({
      what: 'a solution with oneself',
      input: { ...fine, partnerAppId: fine['appId'] },
      refusedBy: { field: 'partnerAppId' },
    }),
  ],
  createSolutionsForTechProvider: [...names, noApp],
  completeEmbeddedSignup: [
    noApp,
    bad('code', 'white space', { code: 'a code of a signup' }),
    ...['https://example.com/signed-up/', 'http://example.com/signed-up', 'https://example.com'].map(
      (redirectUri) => bad('redirectUri', 'an address that is not allowed', { redirectUri }),
    ),
  ],
  reportSignupSession: [
    noApp,
    ...[
      'no JSON',
      '"WA_EMBEDDED_SIGNUP"',
      [],
      7,
      {},
      { type: 'OTHER', event: 'FINISH' },
      { type: 'WA_EMBEDDED_SIGNUP' },
      { type: 'WA_EMBEDDED_SIGNUP', event: 'finished' },
    ].map((message) => bad('message', 'no message of the dialog', { message })),
  ],
  setSolutionMigrationIntent: [
    bad('solutionId', 'both', { leave: true }),
    bad('solutionId', 'neither', { solutionId: null }),
  ],
  submitBusinessVerification: [
    noApp,
    bad('documentIds', 'four', { documentIds: ['1', '2', '3', '4'] }),
    bad('documentIds', 'twice the same', { documentIds: ['1', '1'] }),
    bad('documentIds', 'one that is not there', { documentIds: ['1'] }),
  ],
  setWabaWebhookOverride: [
    ...[
      'http://hooks.example.com/in',
      'https://user:password@hooks.example.com/in',
      'https://127.0.0.1/in',
      'https://[::1]/in',
      'https://localhost/in',
      'https://elsewhere.example.com/in',
      'https://hooks.example.com.evil.example/in',
      'hooks.example.com/in',
      `https://hooks.example.com/${'x'.repeat(200)}`,
    ].map((callbackUri) => bad('callbackUri', 'a callback that is not allowed', { callbackUri })),
    bad('verifyToken', 'seven letters', { verifyToken: 'x'.repeat(7) }),
  ],
  assignUserToWaba: [
    bad('tasks', 'no name of a task', { tasks: ['manage everything'] }),
    bad('tasks', 'a path', { tasks: ['MANAGE/../'] }),
  ],
  addPhoneNumber: [
    bad('countryCode', 'four digits', { countryCode: '4949' }),
    bad('countryCode', 'letters', { countryCode: 'DE' }),
    bad('phoneNumber', 'letters', { phoneNumber: '0800 CALL' }),
    bad('phoneNumber', '16 digits', { phoneNumber: '1'.repeat(16) }),
    bad('verifiedName', 'white space', { verifiedName: '  ' }),
  ],
  requestPhoneNumberCode: [
    bad('language', 'a name', { language: 'English' }),
    bad('language', 'a hyphen', { language: 'en-US' }),
  ],
  verifyPhoneNumberCode: [
    bad('code', 'five digits', { code: '12345' }),
    bad('code', 'letters', { code: 'abcdef' }),
  ],
  registerPhoneNumber: [...pins, ...regions],
  onboardClientWaba: [...pins, ...regions],
}
