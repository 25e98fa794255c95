import { luckyShrub, socialOverdrive } from '../../writes/support/play.ts'

type Input = Readonly<Record<string, unknown>>

const key = { idempotencyKey: 'key' }
const account = { wabaId: '1', appId: luckyShrub, ...key }
const number = { ...account, phoneNumberId: '2' }
const action = { solutionId: '1', appId: luckyShrub, ...key }

/** For each mutation an input with all of its fields, none of which is wrong before Graph is asked. */
export const fineInputs: Readonly<Record<string, Input>> = {
  createSolution: {
    appId: socialOverdrive,
    name: 'Together',
    partnerAppId: luckyShrub,
    messaging: 'PARTNER',
    ...key,
  },
  acceptSolution: action,
  rejectSolution: action,
  requestSolutionDeactivation: action,
  acceptSolutionDeactivation: action,
  rejectSolutionDeactivation: action,
  createSolutionsForTechProvider: {
    appId: luckyShrub,
    name: 'Together',
    userAccessToken: 'a-token-of-a-person',
    messaging: 'OWNER',
    ...key,
  },
  setSolutionMigrationIntent: { ...account, solutionId: '3', leave: false },
  submitBusinessVerification: {
    appId: luckyShrub,
    businessId: '4',
    legalName: 'Wind & Wool',
    website: 'https://wind-and-wool.example',
    documentIds: ['none'],
    ...key,
  },
  subscribeAppToWaba: { ...account, dropOverride: false },
  unsubscribeAppFromWaba: { ...account, dropOverride: false },
  setWabaWebhookOverride: {
    ...account,
    callbackUri: 'https://hooks.example.com/in',
    verifyToken: 'a-token-of-the-callback',
  },
  clearWabaWebhookOverride: account,
  assignUserToWaba: { ...account, userId: '5', tasks: ['MANAGE'] },
  unassignUserFromWaba: { ...account, userId: '5' },
  addPhoneNumber: {
    ...account,
    countryCode: '49',
    phoneNumber: '1512345678',
    verifiedName: 'Wool',
    migrate: false,
  },
  requestPhoneNumberCode: { ...number, codeMethod: 'SMS', language: 'en_US' },
  verifyPhoneNumberCode: { ...number, code: '123-456' },
  registerPhoneNumber: { ...number, pin: '271828', dataLocalizationRegion: 'DE', again: false },
  deregisterPhoneNumber: number,
  startCoexistenceSync: { ...number, type: 'HISTORY' },
  completeEmbeddedSignup: {
    appId: socialOverdrive,
    code: 'a-code-of-a-signup',
    wabaId: '1',
    redirectUri: 'https://example.com/signed-up',
    ...key,
  },
  reportSignupSession: {
    appId: socialOverdrive,
    solutionId: '3',
    message: { type: 'WA_EMBEDDED_SIGNUP', event: 'CANCEL', data: { current_step: 'PERMISSIONS' } },
    ...key,
  },
  redriveDeadLetter: { deadLetterId: '1', ...key },
  discardDeadLetter: { deadLetterId: '1', ...key },
  onboardClientWaba: {
    ...number,
    currency: 'USD',
    creditLineId: '6',
    pin: '271828',
    dataLocalizationRegion: 'DE',
  },
  shareCreditLine: {
    ...account,
    currency: 'USD',
    creditLineId: '6',
    method: 'SHARE_AND_ATTACH',
    addSystemUser: false,
    switchedPartner: false,
  },
  revokeCreditAllocation: {
    allocationId: '7',
    appId: luckyShrub,
    confirmReceivingBusinessId: '4',
    ...key,
  },
}
