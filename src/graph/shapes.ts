import { z } from 'zod'

/** An object id as Graph writes it: decimal digits, kept as a string because 17 digits do not fit a number. */
export type GraphId = string & { readonly __graphId: true }

// In JavaScript `$` without the m flag is the end of the text, so a trailing line break does not pass.
const DIGITS = /^[0-9]{1,20}$/

export function isGraphId(value: unknown): value is GraphId {
  return typeof value === 'string' && DIGITS.test(value)
}

// Booleans are strings at times: the guide on system user tokens shows `{"success":"true"}`.
export const graphBoolean = z.union([
  z.boolean(),
  z.enum(['true', 'false']).transform((text) => text === 'true'),
])

// Ids come as strings, and in Meta's samples of debug_token and of WABAs also as bare numbers.
export const graphIdShape = z
  .union([z.string(), z.number().transform(String)])
  .refine((text): text is GraphId => isGraphId(text), { error: 'not a Graph id' })

// Graph leaves an empty field out, or sends null.
export const text = z.string().nullish()
export const texts = z.array(z.string()).nullish()

/** Any node, of which no more than the id is known. */
export const anyNode = z.looseObject({ id: graphIdShape })

// Facts that Meta changes by itself and may send in another form than its pages print: of these a value that cannot be
// read counts as not sent, so that one of them never costs the rest of an answer.

/** Text, or a number as text. */
export const fact = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .catch(null)

export const flag = graphBoolean.nullish().catch(null)

/** An instant in Unix milliseconds. Guides show Unix seconds and `2021-12-12T01:24:21+0000`, without a colon in the offset. */
export const instant = z
  .union([z.number(), z.string()])
  .transform((value) => toMilliseconds(String(value)))
  .nullish()
  .catch(null)

function toMilliseconds(text: string): number | null {
  const time = /^\d{1,11}$/.test(text)
    ? Number(text) * 1000
    : Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  return Number.isNaN(time) ? null : time
}

const sparable = z.string().nullish().catch(null)

/** A list of what can be read of it; a bare value counts as a list of one. */
const listOf = <T extends z.ZodType>(item: T) =>
  z
    .union([z.array(item.nullable().catch(null)), item.transform((only) => [only])])
    .nullish()
    .catch(null)

// Meta's page "Messaging health status". Live answers have `errors` also where nothing is BLOCKED.
const healthErrorShape = z.looseObject({
  error_code: fact,
  error_description: sparable,
  possible_solution: sparable,
})

const healthEntityShape = z.looseObject({
  entity_type: fact,
  id: fact,
  can_send_message: fact,
  errors: listOf(healthErrorShape),
  additional_info: listOf(z.string()),
})

export const healthShape = z
  .looseObject({ can_send_message: fact, entities: listOf(healthEntityShape) })
  .nullish()
  .catch(null)
export type HealthStatus = NonNullable<z.infer<typeof healthShape>>
export type HealthEntity = z.infer<typeof healthEntityShape>

/** `{"level":"STANDARD"}` on Meta's page "Hosted Embedded Signup"; the level alone is read as well. */
export const throughputShape = z
  .union([z.looseObject({ level: sparable }).transform(({ level }) => level ?? null), z.string()])
  .nullish()
  .catch(null)

// The old model in which a partner owned what it made for a customer; the keys are on no page.
export const onBehalfOfShape = z
  .looseObject({ id: fact, name: sparable, status: sparable, type: sparable })
  .nullish()
  .catch(null)

/** As the webhook AUTH_INTL_PRICE_ELIGIBILITY_UPDATE has it; the SDK says no more than that it is an object. */
export const authRatesShape = z
  .looseObject({
    start_time: instant,
    exception_countries: listOf(z.looseObject({ country_code: sparable, start_time: instant })),
  })
  .nullish()
  .catch(null)

/** `{"success":true}`, with or without more. What was done is read back, so anything will do that does not say false. */
export const doneShape = z.looseObject({ success: graphBoolean.refine((success) => success).optional() })
