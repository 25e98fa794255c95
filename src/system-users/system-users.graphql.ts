import { invalidInput } from '../errors/problem.ts'
import { NodeHandle } from '../reads/node-handle.ts'
import { accountFields, changeAccount, type AccountDone } from '../accounts/account-change.graphql.ts'
import { builder } from '../graphql/builder.ts'
import { resultOf } from '../graphql/problem.ts'
import { ClientWaba } from '../graphql/refs.ts'
import { assign, checkTasks, unassign, usersOn, type AssignedUser as User } from './system-users.ts'

const AssignedUser = builder.objectRef<User>('AssignedUser').implement({
  description: "A system user of the portfolio of the app, on a customer's account.",
  fields: (t) => ({
    userId: t.exposeString('userId', { description: "Meta's id of the user." }),
    tasks: t.stringList({
      description: 'What it may do there, as Graph names it (an open list, e.g. MANAGE_BILLING).',
      resolve: ({ tasks }) => [...tasks],
    }),
  }),
})

builder.objectField(ClientWaba, 'assignedUsers', (t) =>
  t.field({
    type: [AssignedUser],
    nullable: true,
    description:
      'Users of the portfolio of the app that are on the account. Null only beside an error that says why it could not be read.',
    resolve: async (waba, _, ctx) => [...(await usersOn(ctx, waba.viewer, waba.id))],
  }),
)

const userId = 'Meta id of the user; the system user of the app when left out.'

const AssignUserInput = builder.inputType('AssignUserToWabaInput', {
  description: 'Who gets on an account, and what it may do there.',
  fields: (t) => ({
    ...accountFields(t),
    userId: t.string({ description: userId }),
    tasks: t.stringList({
      required: true,
      description:
        'Names such as MANAGE_BILLING, added to those that it has. Without MESSAGING in the solution neither MANAGE nor ' +
        'MESSAGING can be given. Source: Meta\'s guide "Multi-Partner Solutions".',
    }),
  }),
})

const UnassignUserInput = builder.inputType('UnassignUserFromWabaInput', {
  description: 'Who gets off an account.',
  fields: (t) => ({
    ...accountFields(t),
    userId: t.string({ description: userId }),
  }),
})

const WabaUserPayload = builder.objectRef<AccountDone>('WabaUserPayload').implement({
  description: 'It is as it was asked for. Where it was so before, nothing was sent.',
  fields: (t) => ({
    clientWaba: t.field({
      type: ClientWaba,
      description: 'The account, with its users as they are now.',
      resolve: ({ account: { app, wabaId } }) => NodeHandle.unread('ClientWaba', wabaId, { app }),
    }),
  }),
})

const WabaUserResult = resultOf(WabaUserPayload, 'The account after the change, or why nothing was changed.')

const checkUser = (id: string | null | undefined) =>
  id == null || /^[0-9]{1,20}$/.test(id)
    ? null
    : invalidInput(['input', 'userId'], 'Expected the id of a user: 1 to 20 digits.')

builder.mutationFields((t) => ({
  assignUserToWaba: t.field({
    type: WabaUserResult,
    description:
      "Puts a system user of ours on an account, or gives it more to do there. Takes an admin system user's token.",
    args: { input: t.arg({ type: AssignUserInput, required: true, description: 'Who, where and what.' }) },
    resolve: (_, { input }, ctx) =>
      checkUser(input.userId) ??
      checkTasks(input.tasks) ??
      changeAccount(ctx, input, (account, key) =>
        assign(ctx, account, key, { userId: input.userId ?? null, tasks: input.tasks }),
      ),
  }),
  unassignUserFromWaba: t.field({
    type: WabaUserResult,
    description: 'Takes a system user of ours off an account.',
    args: { input: t.arg({ type: UnassignUserInput, required: true, description: 'Who, and where.' }) },
    resolve: (_, { input }, ctx) =>
      checkUser(input.userId) ??
      changeAccount(ctx, input, (account, key) => unassign(ctx, account, key, input.userId ?? null)),
  }),
}))
