import { parseArgs } from 'node:util'
import { ConfigError, readConfig, type Config } from '../config/config.ts'
import { secretsOf } from '../config/shapes.ts'
import type { Environment } from '../config/types.ts'
import { createRedactor } from '../redaction.ts'
import { checks, type Finding } from './doctor-checks.ts'
import { openStoreToLook } from './doctor-store.ts'
import { UsageError } from './process.ts'

const usage = `mps-gateway doctor          says what is wrong with the configuration and the store, and what to do
mps-gateway doctor --json   the same as JSON
Reads what \`serve\` reads and changes nothing. Ends with 1 when something is a problem.`

/** Looks at what a gateway of this environment would run with. */
export async function doctor(words: readonly string[]): Promise<void> {
  const { json, help } = optionsIn(words)
  if (help) return console.log(usage)
  const findings = await examine(process.env)
  console.log(json ? JSON.stringify({ checks: findings }, null, 2) : print(findings))
  if (findings.some(({ state }) => state === 'problem')) process.exitCode = 1
}

function optionsIn(words: readonly string[]) {
  try {
    const options = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const
    return parseArgs({ args: [...words], options }).values
  } catch {
    throw new UsageError(usage)
  }
}

type NamedFinding = Finding & { readonly name: string }

async function examine(env: Environment): Promise<readonly NamedFinding[]> {
  const config = configOf(env)
  if (config instanceof ConfigError) return [unreadable(config)]
  const store = await openStoreToLook(config)
  try {
    const findings: NamedFinding[] = []
    for (const [name, check] of Object.entries(checks))
      findings.push({ name, ...(await check({ config, ...store, now: Date.now() })) })
    return withoutSecrets(findings, config)
  } finally {
    await store.close()
  }
}

function configOf(env: Environment): Config | ConfigError {
  try {
    return readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
}

const unreadable = ({ message }: ConfigError): NamedFinding => ({
  name: 'configuration',
  state: 'problem',
  says: message,
  advice: 'Put these right: README.md has what each variable means. The other checks need the configuration.',
})

function withoutSecrets(findings: readonly NamedFinding[], config: Config): readonly NamedFinding[] {
  const clean = createRedactor({ secrets: secretsOf(config), mark: '[secret]', unnamed: false })
  return findings.map(({ says, advice, ...rest }) => ({
    ...rest,
    says: clean(says),
    advice: advice === null ? null : clean(advice),
  }))
}

function print(findings: readonly NamedFinding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length))
  return findings
    .flatMap(({ state, name, says, advice }) => {
      const line = `${state.padEnd(7)}  ${name.padEnd(width)}  ${says}`
      return advice === null ? [line] : [line, `${' '.repeat(width + 11)}${advice}`]
    })
    .join('\n')
}
