import { luckyShrub, socialOverdrive } from '../../writes/support/play.ts'

type Input = Readonly<Record<string, unknown>>

const account = { wabaId: '1', appId: luckyShrub }
const number = { ...account, phoneNumberId: '2' }
const action = { solutionId: '1', appId: luckyShrub }

/** For each mutation an input with all of its fields, none of which is wrong before Graph is asked. */
export const fineInputs: Readonly<Record<string, Input>> = {
  createSolution: {
    appId: socialOverdrive,
    name: 'Together',
    partnerAppId: luckyShrub,
    messaging: 'PARTNER',
    idempotencyKey: 'key',
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
  },
  setSolutionMigrationIntent: { ...account, solutionId: '3', leave: false, idempotencyKey: 'key' },
  submitBusinessVerification: {
    appId: luckyShrub,
    businessId: '4',
    legalName: 'Wind & Wool',
    website: 'https://wind-and-wool.example',
    documentIds: ['none'],
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
  requestPhoneNumberCode: { ...number, codeMethod: 'SMS', language: 'en_US', idempotencyKey: 'key' },
  verifyPhoneNumberCode: { ...number, code: '123-456' },
  registerPhoneNumber: { ...number, pin: '271828', dataLocalizationRegion: 'DE', again: false },
  deregisterPhoneNumber: number,
  startCoexistenceSync: { ...number, type: 'HISTORY', idempotencyKey: 'key' },
  completeEmbeddedSignup: {
    appId: socialOverdrive,
    code: 'a-code-of-a-signup',
    wabaId: '1',
    redirectUri: 'https://example.com/signed-up',
  },
  reportSignupSession: {
    appId: socialOverdrive,
    solutionId: '3',
    message: { type: 'WA_EMBEDDED_SIGNUP', event: 'CANCEL', data: { current_step: 'PERMISSIONS' } },
    idempotencyKey: 'key',
  },
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
    idempotencyKey: 'key',
  },
  revokeCreditAllocation: {
    allocationId: '7',
    appId: luckyShrub,
    confirmReceivingBusinessId: '4',
    idempotencyKey: 'key',
  },
}
