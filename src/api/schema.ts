import { builder } from './builder.ts'
import './scalars.ts'
import './node-queries.ts'
import './app.ts'
import './solution.ts'
import './partner.ts'
import './client-waba.ts'
import './business.ts'
import './phone-number.ts'
import './event-queries.ts'
import './solution-mutations.ts'
import './subscriptions.ts'

/** The whole graph. Importing it reads no environment and touches no disk or network. */
export const schema = builder.toSchema()
