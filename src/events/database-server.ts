/** What somebody who runs it wants to know of the server that several instances share. */
export interface DatabaseServer {
  readonly version: string
  /** Connections that it has for everybody, without those that it keeps back. */
  readonly connections: number
  readonly connectionsInUse: number
  /** Whether notifications arrive. Otherwise an instance looks by itself for what others wrote. */
  readonly notifies: boolean
  /** Whether an acknowledged write is on a second server as well. */
  readonly hasSynchronousStandby: boolean
}
