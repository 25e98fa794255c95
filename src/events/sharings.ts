/** That a business, or one account of it, took a credit line: ids that Graph no longer gives once the account is unshared. */
export interface Sharing {
  /** The app whose portfolio owns the line. */
  readonly appId: string
  readonly allocationId: string
  /** Null when it is known of the business only. */
  readonly wabaId: string | null
  /** The customer's portfolio. */
  readonly businessId: string
  /** Null when nobody said which line it is of. */
  readonly creditLineId: string | null
  /** Whether this account is known to have taken the line, or may only: it is shared with its business. */
  readonly attached: boolean
  readonly sharedAt: number
}

export type SharingOf =
  | { readonly wabaId: string }
  | { readonly allocationId: string }
  | { readonly businessId: string }

/** Remembers who took which line. Retention takes nothing away. */
export interface SharingStore {
  /**
   * One that is known keeps its time and its line. The owner is who is said to be it now, and an account that was known to
   * have taken the line has.
   */
  save(sharing: Sharing): Promise<void>
  /** Newest first. */
  find(of: SharingOf, appIds: readonly string[]): Promise<readonly Sharing[]>
}
