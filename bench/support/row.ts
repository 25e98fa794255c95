/** A line of the table. Numbers are ready to read; a dash stands where there is nothing to compare with. */
export interface Row {
  readonly what: string
  readonly gateway: string
  readonly bare?: string
  readonly ratio?: string
  readonly aim?: string
}
