import type { AppConfig } from '../config/config.ts'
import { appOf, type Ctx } from '../context.ts'
import { invalidInput, type Problem } from '../errors/problem.ts'

/** The app that acts: the one that is named, or the only one that there is. */
export function chooseApp(ctx: Ctx, appId: string | null): AppConfig | Problem {
  const [only, ...others] = ctx.actor.apps
  const app = appId === null ? (others.length === 0 ? only : null) : appOf(ctx, appId)
  if (app) return app
  const why =
    appId === null
      ? 'Several apps are configured: say which one acts.'
      : 'The gateway holds no such app for this caller.'
  return invalidInput(['input', 'appId'], why)
}

// Meta's OpenAPI file: solution_name has 2 to 75 characters.
export function checkName(name: string): Problem | null {
  const length = [...name.trim()].length
  if (length >= 2 && length <= 75 && !/\p{Cc}/u.test(name)) return null
  return invalidInput(
    ['input', 'name'],
    'A solution name has 2 to 75 characters, none of them a control character.',
  )
}
