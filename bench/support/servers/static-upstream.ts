import { serve } from './serve.ts'

/*
 * In place of the Graph API: one page of 50 solutions for whatever is asked, ready made, so that next to nothing
 * of what is measured is its own work. ANSWER_MS makes it as slow as something on the other side of a network.
 */
const delayMs = Number(process.env['ANSWER_MS'] ?? 0)
const solutions = Array.from({ length: 50 }, (_, index) => ({
  id: String(1_715_120_619_246_000 + index),
  name: `Social Overdrive with Lucky Shrub ${index + 1}`,
  status: 'ACTIVE',
  status_for_pending_request: 'NONE',
  owner_permissions: ['MESSAGING'],
}))
const cursors = { before: 'QVFIUjBiZA==', after: 'QVFIUjBhZA==' }
const page = Buffer.from(JSON.stringify({ data: solutions, paging: { cursors } }))
const headers = { 'content-type': 'application/json; charset=UTF-8', 'content-length': page.length }

serve((_, response) => {
  const answer = (): void => void response.writeHead(200, headers).end(page)
  if (delayMs > 0) setTimeout(answer, delayMs)
  else answer()
})
