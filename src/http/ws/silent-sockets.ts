/**
 * Sockets that have not said yet who they are. They have a share of their own, so that they never keep others out. When it
 * is full, room is made by the caller who has most of it: its oldest socket goes. Somebody who opens one after the other
 * and says nothing so displaces its own, and a client that says at once who it is has left before its turn comes.
 */
export class SilentSockets<Socket> {
  readonly #most: number
  readonly #dismiss: (socket: Socket) => void
  /** By caller, oldest first. */
  readonly #callers = new Map<string, Set<Socket>>()
  #count = 0

  /** `dismiss` is called with a socket that has to go. */
  constructor(most: number, dismiss: (socket: Socket) => void) {
    this.#most = most
    this.#dismiss = dismiss
  }

  /** Takes a socket in until what it returns is called: once or more often. */
  add(socket: Socket, caller: string): () => void {
    if (this.#count >= this.#most) this.#makeRoom()
    const own = this.#callers.get(caller) ?? new Set()
    this.#callers.set(caller, own.add(socket))
    this.#count++
    return () => this.#delete(socket, caller)
  }

  #makeRoom(): void {
    let [largest, most] = ['', 0]
    for (const [caller, { size }] of this.#callers) if (size > most) [largest, most] = [caller, size]
    const [oldest] = this.#callers.get(largest) ?? []
    if (oldest === undefined) return
    this.#delete(oldest, largest)
    this.#dismiss(oldest)
  }

  #delete(socket: Socket, caller: string): void {
    const own = this.#callers.get(caller)
    if (!own?.delete(socket)) return
    this.#count--
    if (own.size === 0) this.#callers.delete(caller)
  }
}
