import { getOperationAST, type ExecutionArgs } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Ctx } from '../../context.ts'

/** Takes an answer that may be given again. */
export type Keep = (type: string, text: string) => void

interface Asked {
  readonly keep?: Keep
}

/**
 * What changes without memory being told, or asks Graph itself: an answer that any of it had a part in is made anew
 * each time.
 */
const isUntold: Readonly<Record<keyof Ctx, boolean>> = {
  actor: false,
  apps: false,
  cost: false,
  reads: false,
  place: false,
  heartbeatMs: false,
  overrideHosts: false,
  autoOnboard: false,
  redirectUris: false,
  onboardingWeeklyLimit: false,
  logger: false,
  signal: false,
  draining: false,
  graph: true,
  eventReads: true,
  log: true,
  writes: true,
  sharings: true,
  documents: true,
  instance: true,
  webhookHealth: true,
  clock: true,
}
const untold = (Object.keys(isUntold) as (keyof Ctx)[]).filter((name) => isUntold[name])

/** Offers for keeping what a query without errors was answered from memory alone. */
export function useAnswers(): Plugin<Ctx, Asked> {
  const offered = new WeakSet<Keep>()
  return {
    onExecute({ args }) {
      const context: Ctx & Asked = args.contextValue
      const { keep, reads } = context
      if (!keep || !isQuery(args)) return
      let isTouched = false
      watch(context, () => (isTouched = true))
      return {
        onExecuteDone({ result }) {
          if (isWhole(result) && !isTouched && reads.asked === 0) offered.add(keep)
        },
      }
    },
    async onResponse({ response, serverContext }) {
      const { keep } = serverContext as Asked
      if (!keep || !offered.delete(keep) || response.status !== 200) return
      const type = response.headers.get('content-type')
      if (type !== null && oneAnswer.test(type)) keep(type, await response.clone().text())
    },
  }
}

const oneAnswer = /^application\/(?:graphql-response\+)?json\b/

/** Yoga copies what it is given into a context of its own, so the looks are counted there. */
function watch(context: Ctx, touch: () => void): void {
  for (const name of untold) {
    const value = context[name]
    const get = (): unknown => {
      touch()
      return value
    }
    Object.defineProperty(context, name, { get, configurable: true })
  }
}

function isQuery({ document, operationName }: ExecutionArgs): boolean {
  return getOperationAST(document, operationName)?.operation === 'query'
}

function isWhole(result: object): boolean {
  return 'data' in result && result.data != null && !('errors' in result)
}
