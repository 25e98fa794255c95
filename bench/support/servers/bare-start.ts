import { serve } from './serve.ts'

/** What Node itself needs to start and answer. */
serve((_, response) => response.writeHead(200).end('ready\n'))
