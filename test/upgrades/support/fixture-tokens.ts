/** What is sealed in the fixtures of stores: each later release opens it with this key. */
export const fixtureKey = Buffer.alloc(32, 'the key of the fixtures').toString('base64')

export const fixtureCustomers = {
  CODE: { appId: '1', customer: { businessId: '3', solutionId: null } },
  SOLUTION: { appId: '1', customer: { businessId: '4', solutionId: '5' } },
} as const

export const tokenOfFixture = (source: keyof typeof fixtureCustomers): string => `a token from ${source}`
