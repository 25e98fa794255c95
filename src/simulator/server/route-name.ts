import type { World } from '../world/rows.ts'
import type { Asked } from './batch-list.ts'

const segment = (world: World, part: string): string =>
  /^\d+$/.test(part) ? `{${world.kinds.get(part) ?? 'id'}}` : part

/** What `/__sim/requests` counts under: the path with the kind of node in place of its id. */
export function routeName(world: World, { method, path, params }: Asked): string {
  const names = path.map((part) => segment(world, part))
  return `${method} /${names.join('/')}${path.length === 0 && params.has('ids') ? '?ids' : ''}`
}
