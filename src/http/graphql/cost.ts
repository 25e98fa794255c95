import { getOperationAST, type ExecutionArgs, type ExecutionResult } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Ctx } from '../../context.ts'
import { OperationBudget } from '../../reads/operation-budget.ts'
import type { DocumentLimits } from './limits/limits.ts'

/**
 * `extensions.graph` on each answer of a query or mutation that Graph or memory had a part in: HTTP requests to Graph,
 * units as Meta counts them, and reads that memory has answered. For every caller: who is let in has an app's full
 * rights, and the figures speak of the caller's own operation alone. Items of a stream have none: subscribers share reads.
 * A query has one deadline, and ends at the units that are allowed.
 */
export function useGraphCost({ units }: Pick<DocumentLimits, 'units'>): Plugin<Ctx> {
  return {
    onExecute({ args }) {
      const { reads, cost } = args.contextValue
      // A state that a write depends on, and what is shown after it, is never one from before. Nor may what came before a
      // write take the time or the units of the look after it: a mutation's reads have a deadline each.
      if (operationOf(args) === 'mutation') {
        reads.renew()
        cost.priority = 'change'
      } else reads.within(new OperationBudget(units))
      return {
        onExecuteDone({ result, setResult }) {
          const { cached } = reads
          const { requests, units } = cost
          const spent = requests + units + cached > 0
          if (spent && isSingle(result)) setResult(withCost(result, { requests, units, cached }))
        },
      }
    },
  }
}

function operationOf({ document, operationName }: ExecutionArgs): string | undefined {
  return getOperationAST(document, operationName)?.operation
}

function isSingle(result: object): result is ExecutionResult {
  return !(Symbol.asyncIterator in result)
}

function withCost(result: ExecutionResult, graph: object): ExecutionResult {
  return { ...result, extensions: { ...result.extensions, graph } }
}
