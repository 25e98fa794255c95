import { z, type ZodOptional, type ZodType } from 'zod'
import { pageShape, type Page } from './paging.ts'
import { graphIdShape } from './shapes.ts'

/** The row of one field of a Graph node: all that the gateway knows of it. */
export interface NodeField<Shape extends ZodType = ZodType, Row = unknown> {
  /** What Graph sends under its name. */
  readonly shape: Shape
  /** How long that may be believed; 0 of what is read anew each time. */
  readonly lifetimeMs: number
  /**
   * Which token reads it. `viewer`: that of who looks, the customer's where there is one, else the app's system token.
   * `business`: of a customer's object the customer's business token alone, and of the app's own portfolio the system
   * token as well.
   */
  readonly token: 'viewer' | 'business'
  /** The type of the nodes that lie below it. */
  readonly of?: string
  /** What a page of it looks like that is read as an edge of its own, where Graph does not take it inside `fields=`. */
  readonly edge?: ZodType<Page<Row>>
  /** Whether it is read again after a write and for the subscribers of an event. Of a list: how many rows of it. */
  readonly shown: boolean | number
}

type Fields = Readonly<Record<string, NodeField>>

/** A type of Graph nodes. */
export interface NodeType<F extends Fields = Fields> {
  readonly name: string
  /** What Graph calls it in its messages. */
  readonly graphName: string
  /**
   * A field that only nodes of the type have. An id says nothing of its type, and Graph answers `id` and `name` for any:
   * without it the id of an app would pass for that of an account. It is never left out.
   */
  readonly witness: string
  readonly fields: F
}

/** A type with the shape of its answers, which is made of its rows. */
export interface ShapedNodeType<F extends Fields> extends NodeType<F> {
  readonly shape: z.ZodObject<
    { id: typeof graphIdShape } & { [Name in keyof F]: F[Name]['shape'] },
    z.core.$loose
  >
}

type Shaped = NodeType & { readonly shape: ZodType }

/** What Graph answers of a type. */
export type NodeOf<Type extends { readonly shape: ZodType }> = z.infer<Type['shape']>

export function nodeType<F extends Fields>(
  type: Omit<NodeType<F>, 'witness'> & { witness?: string & keyof F },
) {
  const shapes = Object.fromEntries(Object.entries(type.fields).map(([name, { shape }]) => [name, shape]))
  const shape = z.looseObject({ id: graphIdShape, ...shapes })
  return { witness: 'id', ...type, shape } as unknown as ShapedNodeType<F>
}

type Options = Partial<Pick<NodeField, 'token' | 'shown'>>

export const field = <S extends ZodType>(
  shape: S,
  lifetimeMs: number,
  { token = 'viewer', shown = true }: Options = {},
): NodeField<S> => ({ shape, lifetimeMs, token, shown })

/** Another node. */
export const one = <T extends Shaped>(type: T, lifetimeMs: number): NodeField<ZodOptional<T['shape']>> => ({
  ...field(type.shape.optional() as ZodOptional<T['shape']>, lifetimeMs),
  of: type.name,
})

/** A list of other nodes: an edge. */
export function many<T extends Shaped>(
  type: T,
  lifetimeMs: number,
  shown: number,
): EdgeNodeField<z.infer<T['shape']>> {
  const edge = pageShape(type.shape) as ZodType<Page<z.infer<T['shape']>>>
  return { ...field(edge.optional(), lifetimeMs, { shown }), of: type.name, edge }
}

export type EdgeNodeField<Row> = NodeField<ZodOptional<ZodType<Page<Row>>>, Row> & {
  readonly edge: ZodType<Page<Row>>
}
