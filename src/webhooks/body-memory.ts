/** All bodies that are being received or handled: anybody can send some, and Meta repeats what is refused. */
const maxBytesInAll = 64 * 1024 * 1024
/** What a chunk costs beside its bytes: a body that arrives byte by byte takes far more memory than it has bytes. */
const bytesPerChunk = 512
/** Nearly all of Meta's webhooks are some kilobytes. A body up to this size is a small one. */
const smallBytes = 64 * 1024
/** A body of Meta's is there within a second. An older one gives way when another needs its room. */
const patienceMs = 2_000

/** A body that has not yet come as a whole: nobody knows whether its signature is right. */
interface Coming {
  readonly sender: string
  readonly since: number
  bytes: number
  isLarge: boolean
  readonly giveWay: () => void
}

export interface BodyReservation {
  /** False when there is no memory for a chunk of so many bytes. Then nothing is taken. */
  take(bytes: number): boolean
  /** The body has come as a whole and keeps its memory until `release`. */
  complete(): void
  release(): void
}

/** What is known of a body before it comes. */
export interface BodyOutline {
  /** The address of whoever sends it. */
  readonly sender: string
  /** What its headers announce; 0 when they announce nothing. */
  readonly announced: number
}

/**
 * The memory that the bodies of all posts under way may take together. Anybody can send a post whose signature is well
 * formed and false, which shows only when its body has come as a whole. So a quarter of the memory is for small bodies
 * alone, and where there is no room, bodies that are still coming give way: first those that take long, then the newest of
 * the sender that has more than a quarter.
 */
export class BodyMemory {
  readonly #max: number
  readonly #clock: () => number
  readonly #coming = new Set<Coming>()
  #taken = 0
  #takenByLarge = 0

  constructor(clock: () => number, maxBytes: number = maxBytesInAll) {
    this.#max = maxBytes
    this.#clock = clock
  }

  /**
   * A reservation for one body, which grows with its chunks and must be released when the body is no longer needed.
   * `giveWay` is called when another body gets its memory.
   */
  reserve({ sender, announced }: BodyOutline, giveWay: () => void): BodyReservation {
    const isLarge = announced > smallBytes
    const body: Coming = { sender, since: this.#clock(), bytes: 0, isLarge, giveWay }
    this.#coming.add(body)
    return {
      take: (bytes) => this.#take(body, bytes + bytesPerChunk),
      complete: () => void this.#coming.delete(body),
      release: () => this.#release(body),
    }
  }

  #take(body: Coming, bytes: number): boolean {
    // It has given way, and whoever reads it may not have noticed yet.
    if (!this.#coming.has(body)) return false
    this.#markLarge(body, bytes)
    while (!this.#fits(body, bytes)) {
      const others = this.#othersInTheWay(body, bytes)
      const victim = this.#slowOf(others) ?? this.#newestOfGreediest(body, others)
      if (victim === undefined) return false
      this.#release(victim)
      victim.giveWay()
    }
    this.#count(body, bytes)
    return true
  }

  /** A body that announced nothing may show only now that it is no small one. */
  #markLarge(body: Coming, bytes: number): void {
    if (body.isLarge || body.bytes + bytes <= smallBytes) return
    body.isLarge = true
    this.#takenByLarge += body.bytes
  }

  #fits({ isLarge }: Coming, bytes: number): boolean {
    return this.#taken + bytes <= this.#max && (!isLarge || this.#fitsLarge(bytes))
  }

  #fitsLarge(bytes: number): boolean {
    return this.#takenByLarge + bytes <= this.#max - share(this.#max)
  }

  /** The bodies whose memory this one could take, oldest first: a set keeps the order in which its members came. */
  #othersInTheWay(needy: Coming, bytes: number): readonly Coming[] {
    const mustBeLarge = needy.isLarge && !this.#fitsLarge(bytes)
    return [...this.#coming].filter(
      (body) => body !== needy && body.bytes > 0 && (body.isLarge || !mustBeLarge),
    )
  }

  #slowOf(others: readonly Coming[]): Coming | undefined {
    const latest = this.#clock() - patienceMs
    return others.find(({ since }) => since <= latest)
  }

  /** A sender that has more than its share gives way to any that has less. */
  #newestOfGreediest(needy: Coming, others: readonly Coming[]): Coming | undefined {
    const sums = new Map([[needy.sender, needy.bytes]])
    for (const { sender, bytes } of others) sums.set(sender, (sums.get(sender) ?? 0) + bytes)
    const [greediest, bytes] = [...sums].reduce((a, b) => (b[1] > a[1] ? b : a))
    if (greediest === needy.sender || bytes <= share(this.#max)) return undefined
    return others.findLast(({ sender }) => sender === greediest)
  }

  #count(body: Coming, bytes: number): void {
    body.bytes += bytes
    this.#taken += bytes
    if (body.isLarge) this.#takenByLarge += bytes
  }

  #release(body: Coming): void {
    this.#coming.delete(body)
    this.#count(body, -body.bytes)
  }
}

/** A quarter: what is kept for small bodies, and what one sender may have while others need room. */
const share = (bytes: number): number => bytes / 4
