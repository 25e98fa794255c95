import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { parse, AppSecrets, Reference, resolve, Secret, VerifyToken } from './shapes.ts'
import type { AppConfig, Environment } from './types.ts'

const MetaId = z.string().regex(/^[0-9]{1,20}$/, 'must be a Meta id: 1 to 20 digits')

/** One app, in variables of its own. */
const Single = z.object({
  META_APP_ID: MetaId,
  META_APP_SECRET: AppSecrets,
  META_SYSTEM_TOKEN: Secret,
  META_BUSINESS_ID: MetaId,
  META_CREDIT_LINE_ID: MetaId.optional(),
  WEBHOOK_VERIFY_TOKEN: VerifyToken,
})
export const singleNames = Object.keys(Single.shape)

const Several = z.strictObject({
  apps: z
    .array(
      z.strictObject({
        appId: MetaId,
        appSecret: Reference,
        systemToken: Reference,
        businessId: MetaId,
        creditLineId: MetaId.optional(),
        verifyToken: Reference,
        onboardingWeeklyLimit: z.int().min(1).max(999_999).optional(),
      }),
    )
    .min(1, 'must name at least one app'),
})
type Entry = z.infer<typeof Several>['apps'][number]

/** The apps that the environment names; none when it names none, or when something is wrong with one. */
export function readApps(env: Environment, problems: string[]): AppConfig[] {
  const names = singleNames.filter((name) => env[name] !== undefined)
  const path = env['GATEWAY_CONFIG']
  if (path === undefined) return names.length > 0 ? readSingle(env, problems) : []
  if (names.length > 0) problems.push(`GATEWAY_CONFIG: cannot be used together with ${names.join(', ')}`)
  return readSeveral(path, env, problems)
}

function readSingle(env: Environment, problems: string[]): AppConfig[] {
  const parsed = parse(Single, env, problems)
  if (!parsed) return []
  return [
    {
      appId: parsed.META_APP_ID,
      appSecrets: parsed.META_APP_SECRET,
      systemToken: parsed.META_SYSTEM_TOKEN,
      businessId: parsed.META_BUSINESS_ID,
      creditLineId: parsed.META_CREDIT_LINE_ID ?? null,
      verifyToken: parsed.WEBHOOK_VERIFY_TOKEN,
    },
  ]
}

function readSeveral(path: string, env: Environment, problems: string[]): AppConfig[] {
  const content = readJson(path, problems)
  const parsed = content === undefined ? null : parse(Several, content, problems, 'GATEWAY_CONFIG')
  if (!parsed) return []
  const ids = parsed.apps.map((app) => app.appId)
  if (new Set(ids).size !== ids.length) problems.push('GATEWAY_CONFIG.apps: names an appId twice')
  return parsed.apps.flatMap((app, index) => readEntry(app, `GATEWAY_CONFIG.apps.${index}`, env, problems))
}

function readEntry(entry: Entry, at: string, env: Environment, problems: string[]): AppConfig[] {
  const { appId, businessId, creditLineId = null, onboardingWeeklyLimit: limit } = entry
  const appSecrets = resolve(entry.appSecret, AppSecrets, `${at}.appSecret`, env, problems)
  const systemToken = resolve(entry.systemToken, Secret, `${at}.systemToken`, env, problems)
  const verifyToken = resolve(entry.verifyToken, VerifyToken, `${at}.verifyToken`, env, problems)
  if (appSecrets === null || systemToken === null || verifyToken === null) return []
  const own = limit === undefined ? {} : { onboardingWeeklyLimit: limit }
  return [{ appId, appSecrets, systemToken, businessId, creditLineId, verifyToken, ...own }]
}

function readJson(path: string, problems: string[]): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown
  } catch (error) {
    const what = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read'
    problems.push(`GATEWAY_CONFIG: names a file that ${what}`)
    return undefined
  }
}
