import { GraphError } from '../graph/error.ts'

/** A list of Graph's that has changed so that it cannot be told where in it to go on. */
export class ListChanged extends GraphError {
  /** The cursor with which no row is left out, though some may be shown again. */
  readonly resumeFrom: string

  constructor(message: string, resumeFrom: string) {
    super('input', message)
    this.resumeFrom = resumeFrom
  }
}
