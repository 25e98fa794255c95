import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import type { Endpoint } from '../../src/graph/endpoint.ts'
import { createGraph } from '../../src/graph/graph.ts'
import { createGraphMetrics } from '../../src/http/ops/metrics.ts'
import { clock, lucky, social } from './support/apps.ts'
import { answerEach, graphError } from './support/batch.ts'
import { anyObject, client, failureOf } from './support/client.ts'
import { startUpstream } from './support/upstream.ts'

const read = (id: string): Endpoint<unknown> => ({
  method: 'GET',
  path: [id, 'solutions'],
  token: 'system',
  expect: anyObject,
})

test('metrics tell how full the allowances of each app are, and what was not sent', async () => {
  const percent = { name: 'x-app-usage', value: '{"call_count":42}' }
  const version = { name: 'facebook-api-version', value: 'v27.0' }
  const upstream = await startUpstream(
    answerEach(({ path }) =>
      path.startsWith('102555000111/')
        ? { code: 400, body: graphError(80008) }
        : { headers: path.startsWith('102555000222/') ? [percent, version] : [] },
    ),
  )
  const registry = new Registry()
  const metrics = createGraphMetrics(registry)
  const own = client(upstream.url, {
    time: clock(),
    observe: metrics.observeGraph,
    count: metrics.countGraph,
  })
  metrics.watchBudgets(own.budgets)
  const graph = createGraph(own)
  await graph.call(read('102555000222'), { app: social })
  await graph.readAll(
    ['102555000333', '102555000444'].map((id) => ({ endpoint: read(id), as: { app: social } })),
  )
  await failureOf(graph.call(read('102555000111'), { app: lucky }))
  await failureOf(graph.call(read('102555000111'), { app: lucky }))
  const text = await registry.metrics()
  for (const line of [
    `mps_graph_budget_percent{app_id="${social.appId}"} 42`,
    `mps_graph_budget_percent{app_id="${lucky.appId}"} 100`,
    `mps_graph_events_total{event="throttled",app_id="${lucky.appId}"} 1`,
    'mps_graph_batch_items_total{route="/{id}/solutions",outcome="ok"} 2',
    'mps_graph_request_seconds_count{method="POST",route="/",outcome="ok"} 1',
    'mps_graph_other_version_total 1',
  ]) {
    expect(text).toContain(line)
  }
  expect(text).not.toMatch(/102555000|EAAG|secret-of/)
})
