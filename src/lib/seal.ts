import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  randomBytes,
  type KeyObject,
} from 'node:crypto'

/** A secret as it may be stored. */
export interface Sealed {
  /** Names the key that opens it, and says nothing of it. */
  readonly keyId: string
  readonly bytes: Uint8Array
}

export interface Unsealed {
  readonly bytes: Buffer
  /** Whether the key that seals today has sealed it. */
  readonly isCurrent: boolean
}

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** What a secret belongs to. It can be opened as that and as nothing else. */
export type Binding = readonly [purpose: string, ...names: string[]]

/**
 * Seals secrets for the store: AES-256-GCM, each with a nonce of its own, bound to what the secret belongs to. Of two keys
 * the first seals, and both open.
 */
export class Sealer {
  readonly keyId: string
  readonly #keys: ReadonlyMap<string, KeyObject>

  /** Keys of 32 bytes in base64. */
  constructor(keys: readonly [string, ...string[]]) {
    this.#keys = new Map(keys.map((key) => [keyIdOf(key), createSecretKey(key, 'base64')]))
    this.keyId = keyIdOf(keys[0])
  }

  /** Every key that opens, by its name. */
  get keyIds(): readonly string[] {
    return [...this.#keys.keys()]
  }

  seal(secret: Uint8Array, binding: Binding): Sealed {
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv(algorithm, this.#key(this.keyId), nonce, { authTagLength: tagBytes })
    cipher.setAAD(print(binding))
    const sealed = [cipher.update(secret), cipher.final()]
    return { keyId: this.keyId, bytes: Buffer.concat([nonce, cipher.getAuthTag(), ...sealed]) }
  }

  /** Null when no key opens it: its key is gone, or it was changed or belongs to something else. */
  open({ keyId, bytes }: Sealed, binding: Binding): Unsealed | null {
    if (!this.#keys.has(keyId) || bytes.length < nonceBytes + tagBytes) return null
    const [nonce, tag] = [bytes.subarray(0, nonceBytes), bytes.subarray(nonceBytes, nonceBytes + tagBytes)]
    const cipher = createDecipheriv(algorithm, this.#key(keyId), nonce, { authTagLength: tagBytes })
    cipher.setAAD(print(binding))
    cipher.setAuthTag(tag)
    try {
      const secret = Buffer.concat([cipher.update(bytes.subarray(nonceBytes + tagBytes)), cipher.final()])
      return { bytes: secret, isCurrent: keyId === this.keyId }
    } catch {
      return null
    }
  }

  #key(id: string): KeyObject {
    const key = this.#keys.get(id)
    if (!key) throw new Error('There is no such key.')
    return key
  }
}

function keyIdOf(key: string): string {
  const digest = createHash('sha256').update('mps-gateway key id').update(Buffer.from(key, 'base64'))
  return digest.digest('hex').slice(0, 16)
}

/** Each part behind its length, so that no two bindings print alike. */
function print(binding: Binding): Buffer {
  return Buffer.concat(
    binding.flatMap((part) => {
      const bytes = Buffer.from(part)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      return [length, bytes]
    }),
  )
}

/** A name for a secret that is long and random, of which only its holder can tell what it names. */
export const digestOfSecret = (...binding: Binding): string =>
  createHash('sha256').update(print(binding)).digest('hex')
