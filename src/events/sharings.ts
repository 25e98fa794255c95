/**
 * A record that a business, or one account of it, took a credit line. Graph no longer gives these ids once the account is
 * unshared.
 */
export interface Sharing {
  /** The app whose portfolio owns the line. */
  readonly appId: string
  readonly allocationId: string
  /** Null when only the business is known to have taken the line. */
  readonly wabaId: string | null
  /** The customer's portfolio. */
  readonly businessId: string
  /** Null when the line is not known. */
  readonly creditLineId: string | null
  /** True when the account itself is known to have taken the line; false when the line is shared with its business. */
  readonly attached: boolean
  readonly sharedAt: number
}

export type SharingOf =
  | { readonly wabaId: string }
  | { readonly allocationId: string }
  | { readonly businessId: string }

/** Records of who took which line. Retention never deletes them. */
export interface SharingStore {
  /**
   * A known sharing keeps its time and its line, and stays attached once it was. Its owner is replaced by the given one.
   */
  save(sharing: Sharing): Promise<void>
  /** Newest first. */
  find(of: SharingOf, appIds: readonly string[]): Promise<readonly Sharing[]>
}
