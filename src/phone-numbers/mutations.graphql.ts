import type { codeMethods } from '../graph/endpoints/phone-numbers.ts'
import { invalidInput } from '../errors/problem.ts'
import { NodeHandle } from '../reads/node-handle.ts'
import { accountFields, changeAccount, type AccountDone } from '../accounts/account-change.graphql.ts'
import type { Account } from '../accounts/account.ts'
import { keyDescription } from '../writes/record.ts'
import { builder } from '../graphql/builder.ts'
import { resultOf } from '../graphql/problem.ts'
import { ClientWaba, PhoneNumber } from '../graphql/refs.ts'
import { addNumber } from './add.ts'
import { checkCodeRequest, checkNewNumber, checkRegistration, readCode } from './input.ts'
import { pinSetBy, deregister, register } from './register.ts'
import { askForCode, enterCode } from './verify.ts'

const numberId = 'The number, one of the account: global id or Meta id.'

const AddPhoneNumberInput = builder.inputType('AddPhoneNumberInput', {
  description: 'A number that an account gets: the first of four steps.',
  fields: (t) => ({
    ...accountFields(t),
    countryCode: t.string({ required: true, description: 'Country calling code, e.g. 49.' }),
    phoneNumber: t.string({ required: true, description: 'The number, with its country code or without.' }),
    verifiedName: t.string({
      required: true,
      description:
        'Display name; Meta reviews it. A number that the account has already keeps the one it has.',
    }),
    migrate: t.boolean({
      defaultValue: false,
      description:
        'Move a number that is in use under another account, with its two-step verification turned off. On accounts of ' +
        "Meta's new account model this is refused, and the problem says what to do instead.",
    }),
  }),
})

const CodeMethod = builder.enumType('VerificationCodeMethod', {
  description: 'How a code comes to the phone.',
  values: {
    SMS: { description: 'As a text message.' },
    VOICE: { description: 'Read out in a call.' },
  } satisfies Record<(typeof codeMethods)[number], object>,
})

const RequestCodeInput = builder.inputType('RequestPhoneNumberCodeInput', {
  description: 'Which number gets a code: the second of four steps.',
  fields: (t) => ({
    ...accountFields(
      t,
      'Repeat a request with the same key and no second code is sent. 1 to 255 characters.',
    ),
    phoneNumberId: t.id({ required: true, description: numberId }),
    codeMethod: t.field({ type: CodeMethod, required: true, description: 'How the code comes.' }),
    language: t.string({ required: true, description: 'Language of the message, e.g. en_US.' }),
  }),
})

const VerifyCodeInput = builder.inputType('VerifyPhoneNumberCodeInput', {
  description: 'The code that came to the phone: the third of four steps.',
  fields: (t) => ({
    ...accountFields(t, `${keyDescription} The code is not compared, so another code takes another key.`),
    phoneNumberId: t.id({ required: true, description: numberId }),
    code: t.string({
      required: true,
      description: 'Six digits, with their hyphen or without. Never shown, logged or stored.',
    }),
  }),
})

const RegisterInput = builder.inputType('RegisterPhoneNumberInput', {
  description: 'Which number goes live: the last of four steps.',
  fields: (t) => ({
    ...accountFields(t, `${keyDescription} The PIN is not compared, so another PIN takes another key.`),
    phoneNumberId: t.id({ required: true, description: numberId }),
    pin: t.string({
      required: true,
      description:
        "Six digits, which Meta always asks for: the number's two-step verification PIN, or one that a number without may " +
        'get. It changes no PIN of a connected number, and whether one was set no success tells: see `pinSet` of the ' +
        'payload. Never shown, logged or stored.',
    }),
    dataLocalizationRegion: t.string({
      description: "Country whose servers keep the number's data; Meta's own choice when left out.",
    }),
    again: t.boolean({
      defaultValue: false,
      description:
        'Register a number that is connected too, as Meta asks after a new display name was approved.',
    }),
  }),
})

const DeregisterInput = builder.inputType('DeregisterPhoneNumberInput', {
  description: 'Which number goes off the Cloud API.',
  fields: (t) => ({
    ...accountFields(t),
    phoneNumberId: t.id({ required: true, description: numberId }),
  }),
})

const PhoneNumberPayload = builder.objectRef<AccountDone>('PhoneNumberPayload').implement({
  description: 'It is as it was asked for. Where it was so before, nothing was sent.',
  fields: (t) => ({
    phoneNumber: t.field({
      type: PhoneNumber,
      description: 'The number, as it is now.',
      resolve: ({ account: { app }, createdId }) => NodeHandle.unread('PhoneNumber', createdId, { app }),
    }),
    clientWaba: t.field({
      type: ClientWaba,
      description: 'Its account.',
      resolve: ({ account: { app, wabaId } }) => NodeHandle.unread('ClientWaba', wabaId, { app }),
    }),
    pinSet: t.boolean({
      nullable: true,
      description:
        'Of a registration: false when Graph said that the PIN was not set, null when that is not known; never true. A ' +
        'success does not tell: a number that another partner has registered keeps its PIN, and of numbers whose PIN Meta ' +
        'has retired none is kept. Null of the other steps. Source: Meta\'s page "Updates to WhatsApp Business accounts".',
      resolve: ({ answered }) => pinSetBy((answered ?? null) as Record<string, unknown> | null),
    }),
    graphAnswer: t.expose('answered', {
      type: 'JSON',
      nullable: true,
      description:
        'What Graph answered to a registration beside that it is done, as sent; null when nothing, when nothing was sent, ' +
        'and of the other steps. Its keys are an open list.',
    }),
  }),
})

const PhoneNumberResult = resultOf(PhoneNumberPayload, 'The number after the step, or why it was not taken.')

const numberIds = { phoneNumberId: 'PhoneNumber' } as const

builder.mutationFields((t) => ({
  addPhoneNumber: t.field({
    type: PhoneNumberResult,
    description:
      'Step 1 of 4: adds a number to an account. One that it has already is not added again and keeps its display name, ' +
      'whatever name is given.',
    args: { input: t.arg({ type: AddPhoneNumberInput, required: true, description: 'Which number.' }) },
    resolve: (_, { input }, ctx) =>
      checkNewNumber(input) ??
      changeAccount(ctx, input, (account, key) =>
        addNumber(ctx, account, key, { ...input, migrate: input.migrate ?? false }),
      ),
  }),
  requestPhoneNumberCode: t.field({
    type: PhoneNumberResult,
    description:
      'Step 2 of 4: has Meta send a code. It costs money and leaves no trace, so a number gets no second one within a ' +
      'minute, by whatever method, key or app, and ' +
      'after a lost reply not within two; with a key never. A number that is verified gets none, unless Graph has refused to ' +
      'register it as not verified (133006).',
    args: { input: t.arg({ type: RequestCodeInput, required: true, description: 'Which number, and how.' }) },
    resolve: (_, { input: given }, ctx) => {
      const { codeMethod: method, idempotencyKey = null } = given
      const input = { ...given, method, idempotencyKey }
      const verb = (account: Account, _: string | null, { phoneNumberId }: Ids) =>
        askForCode(ctx, account, { ...input, phoneNumberId: phoneNumberId ?? '' })
      return checkCodeRequest(input) ?? changeAccount(ctx, input, verb, numberIds)
    },
  }),
  verifyPhoneNumberCode: t.field({
    type: PhoneNumberResult,
    description:
      'Step 3 of 4: proves with the code that the number is theirs. Of a number that is verified already no code is ' +
      'checked: any six digits are answered with the number as it is, unless Graph wants it verified once more.',
    args: {
      input: t.arg({ type: VerifyCodeInput, required: true, description: 'Which number, and its code.' }),
    },
    resolve: (_, { input }, ctx) => {
      const code = readCode(input.code)
      if (code === null) return invalidInput(['input', 'code'], 'A code has six digits.')
      return changeAccount(
        ctx,
        input,
        (account, key, { phoneNumberId }) =>
          enterCode(ctx, account, key, { phoneNumberId: phoneNumberId ?? '', code }),
        numberIds,
      )
    },
  }),
  registerPhoneNumber: t.field({
    type: PhoneNumberResult,
    description:
      'Step 4 of 4: the number goes live. Meta takes 10 registrations and deregistrations of a number in 72 hours; the ' +
      'eleventh that this gateway knows of is refused here, and other partners of the number may use them up as well. A ' +
      'number that is connected already, whoever registered it, is left as it is, and its PIN too, unless `again` is ' +
      'true. Source: Meta\'s page "Business phone numbers, registration".',
    args: {
      input: t.arg({ type: RegisterInput, required: true, description: 'Which number, and its PIN.' }),
    },
    resolve: (_, { input: given }, ctx) => {
      const { dataLocalizationRegion = null, again } = given
      const input = { ...given, dataLocalizationRegion, again: again ?? false }
      const verb = (account: Account, idempotencyKey: string | null, { phoneNumberId }: Ids) =>
        register(ctx, account, { ...input, phoneNumberId: phoneNumberId ?? '', idempotencyKey })
      return checkRegistration(input) ?? changeAccount(ctx, input, verb, numberIds)
    },
  }),
  deregisterPhoneNumber: t.field({
    type: PhoneNumberResult,
    description:
      'Takes a number off the Cloud API, for all partners that have it. It counts toward the 10 in 72 hours.',
    args: { input: t.arg({ type: DeregisterInput, required: true, description: 'Which number.' }) },
    resolve: (_, { input }, ctx) =>
      changeAccount(
        ctx,
        input,
        (account, key, { phoneNumberId }) => deregister(ctx, account, key, phoneNumberId ?? ''),
        numberIds,
      ),
  }),
}))

type Ids = Readonly<Record<string, string | null>>
