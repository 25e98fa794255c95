/** The apps that the gateways are configured with. Nobody's: no gateway here ever reaches Graph. */
export const apps = [
  {
    appId: '670843887433847',
    appSecret: 'nemesis-app-secret-1-0123456789',
    systemToken: 'nemesis-system-token-1',
    businessId: '506914307656634',
    verifyToken: 'nemesis-verify-token-1',
  },
  {
    appId: '637576208107267',
    appSecret: 'nemesis-app-secret-2-0123456789',
    systemToken: 'nemesis-system-token-2',
    businessId: '520744086200222',
    verifyToken: 'nemesis-verify-token-2',
  },
] as const

export type App = (typeof apps)[number]
