/**
 * What a field may cost, in Graph units: one for each call that Meta counts, where each item of a batch is a call. It is
 * the worst case as far as the text of a query shows it: memory is empty, and Graph takes no expansion, so that each list
 * below a row is a read of its own. What stands below a list counts once for each row that its page may have. Fields that
 * come along with their row are free. A list that is not named here costs one, and a mutation `mutationPrice`.
 *
 * The rest only Graph knows: pages that it leaves short, so that more of them are read for one of ours; calls that are
 * repeated without a field; retries; the customers' tokens. That is counted while the query runs, and ends it at the
 * same figure (`reads/dispatch.ts`).
 */
export const prices: Readonly<Record<string, number | { units: number; rows: number | 'apps' }>> = {
  'AccountAlertEvent.clientWaba': 1,
  // The numbers of the account, of which one is shown.
  'AccountAlertEvent.phoneNumber': 1,
  // How many there are, or that one is configured, the text does not tell: this is more than a partner is likely to have.
  'App.creditLines': { units: 1, rows: 10 },
  'App.onboardingQuota': 1,
  'Business.actions': 1,
  'Business.verificationSubmissions': 1,
  'ClientWaba.actions': 4,
  'ClientWaba.assignedUsers': 1,
  // Who owns it, the lines, what each shares with the owner, how the account is paid for, and our user on it.
  'ClientWaba.creditActions': 10,
  'ClientWaba.creditAllocation': 4,
  // From the gateway's own store.
  'ClientWaba.events': 0,
  // The account, its numbers and subscriptions, the token and what it opens, the credit.
  'ClientWaba.onboarding': 10,
  // The token, and five that are open with two tokens each.
  'ClientWaba.migrationIntents': { units: 12, rows: 20 },
  // Who owns it, the customer's token, and the portfolio.
  'ClientWaba.ownerBusiness': 3,
  // Who owns it, the token, and the account with it, or with the system token.
  'ClientWaba.paymentMethodAttached': 4,
  // What is read of an app that is not the caller's came with the list.
  'ClientWaba.subscribedApps': { units: 1, rows: 'apps' },
  // Who owns it, the customer's token, and what Graph says of it, or of the app's own.
  'ClientWaba.tokenHealth': 4,
  'ClientWaba.webhookSubscription': 1,
  'ClientWabaEvent.clientWaba': 1,
  'ClientWabaEvent.phoneNumber': 1,
  'ClientWabaEvent.solution': 1,
  'ClientWabaOnboarding.clientWaba': 1,
  'ClientWabaOnboarding.solution': 1,
  'ClientWabaOnboardingProgress.clientWaba': 1,
  'ClientWabaOnboardingProgress.onboarding': 10,
  'CreditAllocation.actions': 2,
  // Twenty pages, and one of which each account is asked for with the customer's token.
  'CreditAllocation.clientWabas': 120,
  'CreditAllocation.creditLine': 3,
  'CreditAllocation.receivingBusiness': 2,
  'CreditEvent.creditAllocation': 1,
  'MigrationIntent.clientWaba': 1,
  'MigrationIntent.destinationWaba': 1,
  'MigrationIntent.solution': 1,
  // Came along with the row.
  'Partner.app': 0,
  'PhoneNumber.actions': 2,
  // Which account lists a number that came alone, its health says.
  'PhoneNumber.clientWabas': { units: 1, rows: 2 },
  'PhoneNumber.coexistenceSync': 1,
  'Query.app': 1,
  'Query.apps': 1,
  'Query.clientWaba': 1,
  // By the account that took it: who owns that, the lines, and what each shares with the owner.
  'Query.creditAllocation': 4,
  // From the gateway's own store, as what is done with them.
  'Query.deadLetters': 0,
  'Query.events': 0,
  'Query.migrationIntent': 1,
  'Query.node': 1,
  // For each id.
  'Query.nodes': 1,
  'Query.solution': 1,
  'Solution.actions': 1,
  'Solution.events': 0,
  'Solution.ownerApp': 0,
  'SolutionEvent.solution': 1,
  'SolutionStatusChange.solution': 1,
  // Those whose verb is several writes, each with its looks.
  'Mutation.createSolutionsForTechProvider': 50,
  'Mutation.discardDeadLetter': 0,
  'Mutation.onboardClientWaba': 40,
  'Mutation.redriveDeadLetter': 0,
  'Mutation.shareCreditLine': 15,
}

/** A look at the state, the write, and a look at what came of it, with one to spare for each look. */
export const mutationPrice = 5

/** Asked of one app after the other until one of them can see it; and the list that has a row for each. */
export const pricedPerApp: ReadonlySet<string> = new Set([
  'Query.apps',
  'Query.clientWaba',
  'Query.creditAllocation',
  'Query.migrationIntent',
  'Query.node',
  'Query.nodes',
  'Query.solution',
])
