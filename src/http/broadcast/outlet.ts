import type { Shown } from './shown.ts'

/** Where one listener's items go. */
export interface Outlet {
  /** Whether what was given before has left. */
  readonly isFree: boolean
  /** Resolves when it is free, or closed. */
  freed(): Promise<void>
  /** Only when it is free. */
  take(items: readonly Shown[]): void
  /** Nothing more comes: whoever waits is let go. */
  close(error?: unknown): void
}
