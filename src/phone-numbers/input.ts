import { invalidInput, type InvalidInputProblemType } from '../errors/problem.ts'
import type { NewNumber } from '../graph/endpoints/phone-numbers.ts'
import { checkKey } from '../writes/record.ts'
import type { CodeInput } from './verify.ts'

// What can be known before a call; Graph decides about the rest.

/** E.164: a country code of 1 to 3 digits, 15 digits in all. */
export function checkNewNumber({
  countryCode,
  phoneNumber,
  verifiedName,
}: Omit<NewNumber, 'migrate'>): InvalidInputProblemType | null {
  if (!/^\+?[1-9]\d{0,2}$/.test(countryCode))
    return invalidInput(['input', 'countryCode'], 'A country code has 1 to 3 digits, e.g. 49.')
  const digits = phoneNumber.replace(/\D/g, '')
  if (!/^\+?[\d\s().-]+$/.test(phoneNumber.trim()) || digits.length < 4 || digits.length > 15)
    return invalidInput(
      ['input', 'phoneNumber'],
      'A phone number has 4 to 15 digits, with spaces or hyphens if you like.',
    )
  if (verifiedName.trim() === '' || verifiedName.length > 512 || /\p{Cc}/u.test(verifiedName))
    return invalidInput(
      ['input', 'verifiedName'],
      'A display name is not empty and holds no control character.',
    )
  return null
}

export function checkCodeRequest({ language, idempotencyKey }: CodeInput): InvalidInputProblemType | null {
  if (!/^[a-z]{2,3}(?:_[A-Z]{2})?$/.test(language))
    return invalidInput(['input', 'language'], 'A language is a code such as en_US.')
  return checkKey(idempotencyKey)
}

/** The code without its hyphen, as Meta's guide "Registering business phone numbers" wants it; null when it is none. */
export function readCode(text: string): string | null {
  const code = text.trim().replace(/[\s-]/g, '')
  return /^\d{6}$/.test(code) ? code : null
}

// Meta's page "Business phone numbers, registration"
const dataRegions = ['AU', 'ID', 'IN', 'JP', 'SG', 'KR', 'DE', 'CH', 'GB', 'BR', 'BH', 'ZA', 'AE', 'CA']

/** What is given for a step that is not asked for: it would be passed over in silence. */
export function checkOrphans(
  given: Readonly<Record<string, string | null | undefined>>,
  needs: Readonly<Record<string, string>>,
): InvalidInputProblemType | null {
  for (const [name, needed] of Object.entries(needs))
    if (given[name] != null && given[needed] == null)
      return invalidInput(
        ['input', name],
        `This is for a step that takes \`${needed}\`: give both or neither.`,
      )
  return null
}

export function checkRegistration(input: {
  readonly pin: string
  readonly dataLocalizationRegion: string | null
}): InvalidInputProblemType | null {
  if (!/^\d{6}$/.test(input.pin)) return invalidInput(['input', 'pin'], 'A PIN has six digits.')
  const region = input.dataLocalizationRegion
  if (region !== null && !/^[A-Z]{2}$/.test(region))
    return invalidInput(
      ['input', 'dataLocalizationRegion'],
      `A region is a country code; Meta names ${dataRegions.join(', ')}.`,
    )
  return null
}
