import type { GraphNodes, GraphNodeType } from '../graph/nodes.ts'

type Named<Node> = { [Key in keyof Node as string extends Key ? never : Key]: Node[Key] }

/** Names of the fields of a Graph node that hold a value of one kind, or nothing. */
export type FieldOf<T extends GraphNodeType, Value> = keyof {
  [
    Key in keyof Named<GraphNodes[T]> as Exclude<
      Named<GraphNodes[T]>[Key],
      Value | null | undefined
    > extends never
      ? Key
      : never
  ]: true
}

/** Those that hold text. */
export type TextField<T extends GraphNodeType> = FieldOf<T, string>
