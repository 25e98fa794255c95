interface SandboxFacts {
  readonly url: string
  readonly simulatorUrl: string
  /** Whether the store held events before. */
  readonly goesOn: boolean
}

const earlierWorld = `
This store holds the events of an earlier world: the simulator begins with an empty one and gives the same ids again.
Events, idempotency keys and credit of before stay, and may speak of what is not there any more. Without DATABASE_URL
the sandbox takes a new store; for a world that outlives the gateway see "The simulator alone" in README.md.
`

/** What somebody reads who has just started the sandbox. */
export function sandboxBanner({ url, simulatorUrl, goesOn }: SandboxFacts): string {
  return `
mps-gateway sandbox: two partners, a simulated Graph API, no Meta account.

  GraphiQL    ${url}/graphql      (the tabs tell a story; run them in order)
  Webhooks    ${url}/webhooks/{app id}
  Simulator   ${simulatorUrl}/__sim/state

Try first:
  1. Open GraphiQL and run the tab "Apps": you hold both partners' apps.
  2. Run "CreateSolution" and "AcceptSolution": the ids are filled in.
  3. Watch: in a second browser window run "WatchSolutions", or
       curl -N ${url}/graphql -H 'content-type: application/json' -H 'accept: text/event-stream' \\
         -d '{"query":"subscription { solutionStatusChanged { status solution { name } } }"}'
  4. Let a customer sign up:
       curl -X POST ${simulatorUrl}/__sim/onboard -H 'content-type: application/json' \\
         -d '{"solution_id":"795000033057731"}'

The world is in memory and gone when this stops. Ctrl+C stops it.
${goesOn ? earlierWorld : ''}`
}

export function metaBanner(url: string, graphUrl: string, appIds: readonly string[]): string {
  return `
mps-gateway against ${graphUrl} for app ${appIds.join(', ')}.

  GraphQL     ${url}/graphql
  Webhooks    ${appIds.map((id) => `${url}/webhooks/${id}`).join('\n              ')}
  Health      ${url}/health/ready

Set the webhook address of each app with Meta to its public HTTPS address, with the verify token.
`
}
