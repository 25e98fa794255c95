import { serve } from './serve.ts'

/** In place of the Graph API: as many pages of 50 solutions as are asked for, each by its number as cursor. */
serve((request, response) => {
  const page = Number(/[?&]after=(\d+)/.exec(request.url ?? '')?.[1] ?? 0)
  const data = Array.from({ length: 50 }, (_, index) => solution(page * 50 + index))
  response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' })
  response.end(
    JSON.stringify({ data, paging: { cursors: { before: String(page), after: String(page + 1) } } }),
  )
})

function solution(number: number) {
  return {
    id: String(1_715_120_619_246_000 + number),
    name: `Social Overdrive with Lucky Shrub ${number}`,
    status: 'ACTIVE',
    status_for_pending_request: 'NONE',
    owner_permissions: ['MESSAGING'],
  }
}
