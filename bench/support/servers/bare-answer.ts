import { readBody, serve } from './serve.ts'

/** The least that can answer with the same bytes: read the post, parse it, send what is ready. */
const answer = Buffer.from(process.env['ANSWER'] ?? '')
const headers = { 'content-type': 'application/json', 'content-length': answer.length }

serve(async (request, response) => {
  JSON.parse((await readBody(request)).toString())
  response.writeHead(200, headers).end(answer)
})
