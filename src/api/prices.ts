/**
 * What a field may cost, in Graph units: one for each call that Meta counts, where each id of `?ids=` and each item of a
 * batch is a call. It is the worst case, in which nothing is remembered and Graph takes no expansion: then each list
 * below a row is a read of its own. What stands below a list counts once for each row that its page may have. Fields of
 * a row that come along with it are free. A list that is not named here costs one, and a mutation `mutationPrice`.
 */
export const prices: Readonly<Record<string, number>> = {
  'App.creditLines': 1,
  'Business.verificationSubmissions': 1,
  'ClientWaba.actions': 4,
  'ClientWaba.assignedUsers': 1,
  // Who owns it, the lines, what each shares with the owner, and how the account is paid for.
  'ClientWaba.creditActions': 6,
  'ClientWaba.creditAllocation': 4,
  // From the gateway's own store.
  'ClientWaba.events': 0,
  // The account, its numbers and subscriptions, the token and what it opens, the credit.
  'ClientWaba.onboarding': 8,
  // The customer's token, and the portfolio.
  'ClientWaba.ownerBusiness': 2,
  'ClientWaba.subscribedApps': 1,
  'ClientWaba.webhookSubscription': 1,
  'ClientWabaEvent.clientWaba': 1,
  'ClientWabaEvent.solution': 1,
  'ClientWabaOnboarding.clientWaba': 1,
  'ClientWabaOnboarding.solution': 1,
  'ClientWabaOnboardingProgress.clientWaba': 1,
  'ClientWabaOnboardingProgress.onboarding': 8,
  'CreditAllocation.actions': 2,
  'CreditAllocation.clientWabas': 20,
  'CreditAllocation.creditLine': 0,
  'CreditAllocation.receivingBusiness': 2,
  'CreditEvent.creditAllocation': 1,
  'MigrationIntent.clientWaba': 1,
  'MigrationIntent.destinationWaba': 1,
  'MigrationIntent.solution': 1,
  // Came along with the row.
  'Partner.app': 0,
  'PhoneNumber.actions': 2,
  'Query.app': 1,
  'Query.apps': 1,
  'Query.clientWaba': 1,
  'Query.creditAllocation': 1,
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
  'Mutation.onboardClientWaba': 40,
  'Mutation.shareCreditLine': 15,
}

/** A look at the state, the write, and a look at what came of it, with one to spare for each look. */
export const mutationPrice = 5
