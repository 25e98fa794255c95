import type { AppConfig } from '../config/config.ts'

/** Through whose eyes Graph is read: an app of ours, for a customer's own data with the customer's token. */
export interface Viewer {
  readonly app: AppConfig
  readonly customer?: Customer
  /** A person's access token, for the operations that ask for one. Nothing that is read with it may be kept. */
  readonly userToken?: string
}

/** A business that shared an account with a solution. */
export interface Customer {
  readonly businessId: string
  /** Null when it was onboarded without one; then no token can be had through it. */
  readonly solutionId: string | null
}

/** Equal keys see the same data. Holds no secret. */
export function viewerKey({ app, customer }: Viewer): string {
  return customer ? `${app.appId}/${customer.solutionId}/${customer.businessId}` : app.appId
}
