/** What a gateway under test is told to do to itself. */
export interface Order {
  readonly name: 'die after commit' | 'die after answer' | 'be full'
  /** For how long; of no meaning to what ends it. */
  readonly ms: number
}
