import type { GraphNodes, GraphNodeType } from '../graph/endpoints/nodes.ts'

type Named<Node> = { [Key in keyof Node as string extends Key ? never : Key]: Node[Key] }

/** Names of the fields of a Graph node that hold text, or nothing. */
export type TextField<T extends GraphNodeType> = keyof {
  [
    Key in keyof Named<GraphNodes[T]> as Exclude<
      Named<GraphNodes[T]>[Key],
      string | null | undefined
    > extends never
      ? Key
      : never
  ]: true
}
