import type { Json, Play } from '../play.ts'

/** A write at Graph, as the simulator counts it, and how a fault finds it. */
export interface Route {
  readonly name: string
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
}

/** A mutation, and what tells whether it has done its work. */
export interface Verb {
  readonly field: string
  /** What makes it another one of the same field. */
  readonly variant?: string
  /** The writes that it sends, in their order. */
  readonly routes: readonly [Route, ...Route[]]
  /** Whether Graph shows afterwards that it was done. */
  readonly shows: boolean
  /** Whether it takes an idempotency key; `always` where a second one without is meant as a second one. */
  readonly key: 'optional' | 'always' | 'derived'
  /** Codes that say to whoever asks again that it was done before. */
  readonly again?: readonly string[]
  /** Calls of Graph go over a wire that plays a public callback. */
  readonly wired?: true
  /** Brings the world to where it can be done, and gives the input for each time that it is asked. */
  prepare(play: Play): Promise<(instance: number) => Json | Promise<Json>>
}

export const nameOf = ({ field, variant }: Verb): string =>
  variant === undefined ? field : `${field}, ${variant}`

/** By the simulator's name of it, e.g. `POST` and `/{solution}/accept`. */
export function route(method: Route['method'], name: string): Route {
  return { name: `${method} ${name}`, method, path: `^${name.replace(/\{\w+\}/, String.raw`\d+`)}$` }
}
