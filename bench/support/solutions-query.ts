/** 50 solutions, 6 fields of each, all from one call upstream. */
export const solutionsQuery = /* GraphQL */ `
  query Bench($after: String) {
    app {
      solutions(first: 50, after: $after) {
        edges {
          node {
            solutionId
            name
            status
            graphStatus
            graphPendingRequest
            ownerPermissions
          }
        }
      }
    }
  }
`
