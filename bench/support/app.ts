/** An app that a gateway can be configured with. */
export interface BenchApp {
  readonly appId: string
  readonly appSecret: string
  readonly systemToken: string
  readonly businessId: string
}

/** Nobody's: for gateways that never reach an upstream that knows it. */
export const madeUpApp: BenchApp = {
  appId: '637576208107267',
  appSecret: 'bench-app-secret-0123456789abcdef',
  systemToken: 'bench-system-token',
  businessId: '520744086200222',
}
