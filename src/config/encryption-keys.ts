import { readText } from './shapes.ts'
import type { Environment } from './types.ts'

const name = 'TOKEN_ENCRYPTION_KEY'
const fileName = 'TOKEN_ENCRYPTION_KEY_FILE'
export const encryptionKeyNames = [name, fileName]

/** One key, or two with a comma between them while it is being changed; none when nothing is set. */
export function readEncryptionKeys(env: Environment, problems: string[]): readonly string[] {
  const { [name]: given, [fileName]: path } = env
  if (given !== undefined && path !== undefined) {
    problems.push(`${name}: cannot be used together with ${fileName}`)
    return []
  }
  const text = path === undefined ? given : readText(path)
  if (text === undefined && path !== undefined) problems.push(`${fileName}: names a file that cannot be read`)
  if (text === undefined) return []
  const keys = text.split(',').map((key) => key.trim())
  if (keys.length <= 2 && keys.every(isKey)) return keys
  problems.push(`${path === undefined ? name : fileName}: ${shape}`)
  return []
}

const shape =
  'must hold 32 bytes in base64 (openssl rand -base64 32), or two such keys with a comma between them'

const isKey = (text: string): boolean =>
  /^[A-Za-z0-9+/]{43}=?$/.test(text) && Buffer.from(text, 'base64').length === 32
