import type { Ctx } from '../context.ts'
import type { Problem } from '../errors/problem.ts'
import type { GlobalType } from '../graphql/ids.ts'
import { findAccount, type Account } from './account.ts'
import type { AccountWritten } from './account-write.ts'
import { graphErrorsAsProblems } from '../problems.ts'
import type { SchemaTypes } from '../graphql/builder.ts'
import { checkKey, keyDescription } from '../writes/record.ts'
import { isProblem, readIds } from '../graphql/refuse.ts'

type InputFields = PothosSchemaTypes.InputFieldBuilder<
  PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>,
  'InputObject'
>

/** What every input of a change to an account begins with. `key` says what a key means here, where that is special. */
export const accountFields = (t: InputFields, key = keyDescription) => ({
  wabaId: t.id({ required: true, description: 'The account: global id or WABA id.' }),
  appId: t.id({
    description: 'The app that acts; may be left out when one configured app sees the account.',
  }),
  idempotencyKey: t.string({ description: key }),
})

export interface AccountDone {
  readonly type: 'Done'
  readonly account: Account
  /** Graph's id of what was made or changed. */
  readonly createdId: string
  /** What was kept of Graph's answer; undefined when nothing was. */
  readonly answered?: unknown
}

interface Given {
  readonly wabaId: string
  readonly appId?: string | null | undefined
  readonly idempotencyKey?: string | null | undefined
}

type Ids = Readonly<Record<string, string | null>>

/** Reads the ids of the input, finds the account and changes it; what Graph fails with is a problem in the result. */
export async function changeAccount(
  ctx: Ctx,
  input: Given,
  verb: (account: Account, key: string | null, ids: Ids) => Promise<AccountWritten>,
  types: Readonly<Record<string, GlobalType>> = {},
): Promise<AccountDone | Problem> {
  const ids = readIds({ ...input }, { wabaId: 'ClientWaba', appId: 'App', ...types })
  if (isProblem(ids)) return ids
  const { idempotencyKey: key = null } = input
  const invalid = checkKey(key)
  if (invalid) return invalid
  return graphErrorsAsProblems(async () => {
    const account = await findAccount(ctx, { wabaId: ids.wabaId ?? '', appId: ids.appId })
    if ('type' in account) return account
    const changed = await verb(account, key, ids)
    return 'createdId' in changed ? { type: 'Done' as const, account, ...changed } : changed
  })
}
