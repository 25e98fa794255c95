/** Meta's reference "Migration Intent Details API". */
export type IntentStatus = 'INITIATED' | 'ACCEPTED' | 'COMPLETED' | 'REJECTED'

/** `add` tags an account that is in no active solution, `move` and `leave` one that is. */
export type IntentFlow = 'add' | 'move' | 'leave'

export interface IntentRow {
  readonly id: string
  readonly flow: IntentFlow
  readonly status: IntentStatus
  readonly wabaId: string
  /** The app that set it. */
  readonly appId: string
  /** The destination; absent when the account leaves its solution. */
  readonly solutionId?: string
  readonly destinationWabaId?: string
  /** Milliseconds of the simulator's clock. */
  readonly createdAt: number
}
