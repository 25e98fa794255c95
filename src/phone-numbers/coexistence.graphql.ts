import { NodeHandle } from '../reads/node-handle.ts'
import { accountFields, changeAccount, type AccountDone } from '../accounts/account-change.graphql.ts'
import { builder } from '../graphql/builder.ts'
import { needs } from '../graphql/graph-field.ts'
import { resultOf } from '../graphql/problem.ts'
import { ClientWaba, PhoneNumber } from '../graphql/refs.ts'
import { startSync } from './coexistence-sync.ts'
import { listingFields, coexistenceFields } from './numbers.ts'
import {
  syncOfNumber,
  requestIdIn,
  type Sync,
  type syncStates,
  type syncTypes,
  type SyncType,
  type SyncWindow,
} from './sync-window.ts'

const SyncTypeEnum = builder.enumType('CoexistenceSyncType', {
  description: 'What Meta can hand over of the time before a number came to the Cloud API.',
  values: {
    CONTACTS: { description: 'The address book of the WhatsApp Business app (smb_app_state_sync).' },
    HISTORY: { description: 'Its chats of up to 180 days (history); the customer may decline.' },
  } satisfies Record<(typeof syncTypes)[number], object>,
})

const SyncStateEnum = builder.enumType('CoexistenceSyncState', {
  description: 'Whether something can still be asked for.',
  values: {
    OPEN: { description: 'It can, until the deadline, as far as this gateway knows.' },
    REQUESTED: { description: 'It was asked for through this gateway: Meta takes it once.' },
    EXPIRED: { description: 'The deadline is over.' },
    UNKNOWN: { description: 'When the customer arrived is not in the log. Graph decides.' },
  } satisfies Record<(typeof syncStates)[number], object>,
})

const SyncShape = builder.objectRef<Sync>('CoexistenceSync').implement({
  description: 'One thing that may be asked for once.',
  fields: (t) => ({
    type: t.expose('type', { type: SyncTypeEnum, description: 'What.' }),
    state: t.expose('state', { type: SyncStateEnum, description: 'Whether it still can be.' }),
    requestedAt: t.expose('requestedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was asked for through this gateway; null when it was not.',
    }),
    requestId: t.exposeString('requestId', {
      nullable: true,
      description: "Graph's id of the request, for Meta's support; null when there is none.",
    }),
  }),
})

const SyncWindowShape = builder.objectRef<SyncWindow>('CoexistenceSyncWindow').implement({
  description:
    'What may be asked for of a number in use with the WhatsApp Business app, once each and within 24 hours of the signup. ' +
    'Source: Meta\'s guide "Onboarding WhatsApp Business app users".',
  fields: (t) => ({
    syncDeadline: t.expose('deadline', {
      type: 'DateTime',
      nullable: true,
      description:
        '24 hours after the customer arrived, as the log tells; of an arrival that the comparison with Graph has found, the ' +
        'latest that it can be. Null when the log tells of none.',
    }),
    contactsSync: t.field({
      type: SyncShape,
      description: 'The address book.',
      resolve: ({ syncs }) => syncs.CONTACTS,
    }),
    historySync: t.field({
      type: SyncShape,
      description: 'The chats.',
      resolve: ({ syncs }) => syncs.HISTORY,
    }),
  }),
})

builder.objectField(PhoneNumber, 'coexistenceSync', (t) =>
  t.field({
    type: SyncWindowShape,
    nullable: true,
    description:
      'What can be asked for with startCoexistenceSync, and until when. Null for a number that is not in use with the ' +
      'WhatsApp Business app (`coexistence`), and when that cannot be told.',
    ...needs([...coexistenceFields, ...listingFields]),
    resolve: (number, _, ctx) => syncOfNumber(ctx, number),
  }),
)

const StartInput = builder.inputType('StartCoexistenceSyncInput', {
  description: 'Of which number, and what.',
  fields: (t) => ({
    ...accountFields(t),
    phoneNumberId: t.id({
      required: true,
      description: 'The number, one of the account: global id or Meta id.',
    }),
    type: t.field({ type: SyncTypeEnum, required: true, description: 'What to ask for.' }),
  }),
})

interface Started extends AccountDone {
  readonly sync: SyncType
}

const CoexistencePayload = builder.objectRef<Started>('StartCoexistenceSyncPayload').implement({
  description:
    'Meta has accepted the request. What comes of it comes in webhooks of the fields `history` and `smb_app_state_sync`, whose ' +
    'data this gateway never keeps.',
  fields: (t) => ({
    phoneNumber: t.field({
      type: PhoneNumber,
      description: 'The number.',
      resolve: ({ account: { app }, createdId }) => NodeHandle.unread('PhoneNumber', createdId, { app }),
    }),
    clientWaba: t.field({
      type: ClientWaba,
      description: 'Its account.',
      resolve: ({ account: { app, wabaId } }) => NodeHandle.unread('ClientWaba', wabaId, { app }),
    }),
    type: t.field({ type: SyncTypeEnum, description: 'What was asked for.', resolve: ({ sync }) => sync }),
    requestId: t.string({
      nullable: true,
      description: "Graph's id of the request: keep it for Meta's support. Null when Graph gave none.",
      resolve: ({ answered }) => requestIdIn(answered),
    }),
  }),
})

const CoexistenceResult = resultOf(CoexistencePayload, 'That it was asked for, or why not.')

builder.mutationField('startCoexistenceSync', (t) =>
  t.field({
    type: CoexistenceResult,
    description:
      'Asks Meta for the contacts or the chats that the WhatsApp Business app holds of a number: each once, within 24 hours ' +
      'of the signup, with the app subscribed to the account. What is too late or was asked for before is refused here. ' +
      'Nothing at Graph shows that it was asked for: after a lost reply the outcome stays unknown for two minutes, with a ' +
      'key for good.',
    args: { input: t.arg({ type: StartInput, required: true, description: 'Of which number, and what.' }) },
    resolve: async (_, { input }, ctx) => {
      const { type } = input
      const done = await changeAccount(
        ctx,
        input,
        (account, idempotencyKey, { phoneNumberId }) =>
          startSync(ctx, account, { phoneNumberId: phoneNumberId ?? '', type, idempotencyKey }),
        { phoneNumberId: 'PhoneNumber' },
      )
      return done.type === 'Done' ? { ...done, sync: type } : done
    },
  }),
)
