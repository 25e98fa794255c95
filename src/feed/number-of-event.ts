import { appOf, type Ctx } from '../context.ts'
import type { StoredEvent } from '../events/event.ts'
import { readEdge } from '../graph/endpoints/nodes.ts'
import { shownFields, type PhoneNumberNode } from '../graph/nodes.ts'
import { NodeHandle } from '../reads/node-handle.ts'
import { plan, type SelectedField } from '../graphql/selection.ts'
import { isStream } from './event.graphql.ts'

interface Named {
  readonly id: string | null
  /** Its digits, with country code. */
  readonly digits: string | null
}

/** More numbers than a portfolio may have. */
const most = 100

/** The number that an event names: by its id, or by its digits among those of the account that was told of. */
export async function numberOf(
  event: StoredEvent,
  { id, digits }: Named,
  ctx: Ctx,
  selected: readonly SelectedField[],
): Promise<NodeHandle<'PhoneNumber'> | null> {
  const app = appOf(ctx, event.appId)
  const { wabaId } = event
  if (!app) return null
  if (id !== null)
    return NodeHandle.unread('PhoneNumber', id, { app }, isStream(ctx) ? shownFields('PhoneNumber') : null)
  if (digits === null || wabaId === null) return null
  const wanted = isStream(ctx) ? shownFields('PhoneNumber') : plan(selected)
  const list = (fields: string) => readEdge('ClientWaba', wabaId, 'phone_numbers', { limit: most, fields })
  const fields = [...new Set([...wanted, 'display_phone_number'])]
  const { page, asked } = await ctx.reads.page('PhoneNumber', fields, list, { app })
  const row = page.data.find((number) => digitsOf(number) === digits)
  return row ? new NodeHandle('PhoneNumber', row.id, { app }, asked, row) : null
}

const digitsOf = ({ display_phone_number: printed }: PhoneNumberNode): string | undefined =>
  printed?.replaceAll(/\D/g, '')
