/** Of bodies that are being received or handled, in all: anybody can send some, and Meta repeats what is refused. */
const maxInFlight = 64 * 1024 * 1024
/** What a chunk costs beside its bytes: a body that comes byte by byte takes far more memory than it has bytes. */
const perChunk = 512

/** The memory that bodies may take together. */
export class Flight {
  readonly #most: number
  #taken = 0

  constructor(most: number = maxInFlight) {
    this.#most = most
  }

  /** A body's share of it, to be given back when the body is no longer needed. */
  board(): Share {
    let share = 0
    const take = (bytes: number): boolean => {
      const size = bytes + perChunk
      if (this.#taken + size > this.#most) return false
      this.#taken += size
      share += size
      return true
    }
    const leave = (): void => {
      this.#taken -= share
      share = 0
    }
    return { take, leave }
  }
}

export interface Share {
  /** False, and nothing taken, when there is no room for a chunk of so many bytes. */
  take(bytes: number): boolean
  leave(): void
}
