import { markOf, writePosition } from '../../src/reads/list-position.ts'
import { madeUpApp } from './app.ts'

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

const mark = markOf(JSON.stringify([[madeUpApp.appId, 'whatsapp_business_solutions'], {}]))

/** A cursor that goes on with the page that Graph has at this one of its own. */
export const cursorAt = (page: string): string =>
  writePosition(mark, { page, passed: 0, rows: ['1'], ahead: [] })
