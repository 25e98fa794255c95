import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../src/events/store.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { graphql } from '../support/graphql.ts'

const luckyShrub = '21202248997039'
const socialOverdrive = '637576208107267'

interface Letter {
  readonly id: string
  readonly reason: string
  readonly handled: boolean
  readonly attempts: readonly { readonly handled: boolean; readonly detail: string | null }[]
}

const fields = 'id appId receivedAt reason size handled kept attempts { handled detail }'

describe('dead letters', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mps-letters-'))
  const databaseUrl = `file:${join(folder, 'gateway.db')}`
  let gateway: TestGateway

  const change = { field: 'partner_solutions', value: { event: 'SOLUTION_UPDATED', solution_id: '7' } }
  const post = {
    object: 'whatsapp_business_account',
    entry: [{ id: '5', time: 1_700_000_000, changes: [change] }],
  }

  beforeAll(async () => {
    const store = await openStore(databaseUrl)
    const letter = (appId: string, reason: string, content: object | null) => ({
      appId,
      reason,
      receivedAt: 1_700_000_000_000,
      raw: Buffer.from(content === null ? '' : JSON.stringify(content)),
      size: 50,
      fingerprint: `${appId} ${reason}`,
    })
    await store.deadLetters.add([letter(luckyShrub, 'entry is not an object', null)])
    await store.deadLetters.add([
      letter(luckyShrub, 'could not be handled: TypeError: Anna +49 151 23456', post),
    ])
    await store.deadLetters.add([letter(socialOverdrive, 'change has no value', { no: 'post' })])
    await store.deadLetters.add([letter('999', 'of an app that is configured no more', null)])
    await store.close()
    gateway = await startTestGateway({ databaseUrl })
  })
  afterAll(async () => {
    await gateway.close()
    rmSync(folder, { recursive: true })
  })

  const page = async (args: string) => {
    const list = `edges { node { ${fields} } cursor } pageInfo { hasNextPage endCursor }`
    const { data, errors } = await graphql(gateway.url, `{ deadLetters${args} { ${list} } }`)
    return { errors, ...(data as { deadLetters: Page | null }).deadLetters }
  }
  interface Page {
    readonly edges: readonly { readonly node: Letter; readonly cursor: string }[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
  const lettersOf = async (args: string) => (await page(args)).edges?.map(({ node }) => node) ?? []
  const settle = async (verb: string, input: object) => {
    const result = `... on DeadLetterPayload { repeated deadLetter { ${fields} } } ... on Problem { code message }`
    const query = `mutation ($input: DeadLetterInput!) { ${verb}(input: $input) { __typename ${result} } }`
    const { data } = await graphql(gateway.url, query, { input })
    return (data as Record<string, Record<string, unknown>>)[verb]
  }

  it('are listed oldest first, of the apps of the caller, without what their errors quote', async () => {
    expect(await lettersOf('')).toMatchObject([
      {
        appId: luckyShrub,
        reason: 'entry is not an object',
        size: 50,
        handled: false,
        kept: null,
        attempts: [],
      },
      { appId: luckyShrub, reason: 'could not be handled', kept: post, attempts: [] },
      { appId: socialOverdrive, reason: 'change has no value', kept: { no: 'post' } },
    ])
    expect(JSON.stringify(await lettersOf(''))).not.toContain('Anna')
    expect(await lettersOf(`(appId: "${socialOverdrive}")`)).toHaveLength(1)
    expect(await lettersOf('(handled: true)')).toEqual([])
  })

  it('come in pages, each cursor of which goes on behind its letter', async () => {
    const first = await page('(first: 2)')
    expect(first.pageInfo?.hasNextPage).toBe(true)
    const rest = await page(`(first: 2, after: "${first.pageInfo?.endCursor}")`)
    expect(rest).toMatchObject({
      edges: [{ node: { appId: socialOverdrive } }],
      pageInfo: { hasNextPage: false },
    })
  })

  it.each(['(first: 0)', '(first: 101)', '(after: "none")', '(after: "QXBwOjE")', '(appId: "999")'])(
    'say what is wrong with %s',
    async (args) => {
      expect((await page(args)).errors).toMatchObject([
        { extensions: { code: args.includes('appId') ? 'NOT_FOUND' : 'INVALID_INPUT' } },
      ])
    },
  )

  it('are nodes of the app that they were sent to', async () => {
    const [{ id } = { id: '' }] = await lettersOf('')
    const query = `{ node(id: "${id}") { __typename id ... on DeadLetter { reason } } }`
    const { data } = await graphql(gateway.url, query)
    expect(data).toEqual({ node: { __typename: 'DeadLetter', id, reason: 'entry is not an object' } })
  })

  it('become an event when they are handled again, once however often that is asked for', async () => {
    const { id = '' } = (await lettersOf(''))[1] ?? {}
    const input = { deadLetterId: id, idempotencyKey: 'once' }
    const done = {
      __typename: 'DeadLetterPayload',
      deadLetter: { handled: true, attempts: [{ handled: true, detail: null }] },
    }
    expect(await settle('redriveDeadLetter', input)).toMatchObject({ ...done, repeated: false })
    expect(await settle('redriveDeadLetter', input)).toMatchObject({ ...done, repeated: true })
    expect(await settle('redriveDeadLetter', { deadLetterId: id })).toMatchObject({ ...done, repeated: true })
    const { data } = await graphql(
      gateway.url,
      '{ events(first: 9, filter: { kinds: [SOLUTION_UPDATED] }) { edges { node { appId } } } }',
    )
    expect(data).toEqual({ events: { edges: [{ node: { appId: luckyShrub } }] } })
  })

  it('say why they cannot be handled, and a key repeats that answer without another try', async () => {
    const { id = '' } = (await lettersOf(''))[2] ?? {}
    const input = { deadLetterId: id, idempotencyKey: 'tried' }
    const failed = { handled: false, attempts: [{ handled: false, detail: expect.any(String) as string }] }
    expect(await settle('redriveDeadLetter', input)).toMatchObject({ repeated: false, deadLetter: failed })
    expect(await settle('redriveDeadLetter', input)).toMatchObject({ repeated: true, deadLetter: failed })
    const again = await settle('redriveDeadLetter', { deadLetterId: id })
    expect((again as { deadLetter: Letter }).deadLetter.attempts).toHaveLength(2)
  })

  it('are settled without being handled, and that shows', async () => {
    const [{ id } = { id: '' }, { id: other } = { id: '' }] = await lettersOf('')
    const input = { deadLetterId: id, idempotencyKey: 'enough' }
    expect(await settle('discardDeadLetter', input)).toMatchObject({
      repeated: false,
      deadLetter: { handled: true },
    })
    expect((await lettersOf('(handled: true)'))[0]?.attempts.at(-1)).toEqual({
      handled: true,
      detail: 'discarded',
    })
    expect(await settle('discardDeadLetter', { ...input, deadLetterId: other })).toMatchObject({
      code: 'CONFLICT',
    })
  })

  it('that do not exist, or that another app was sent, are not found', async () => {
    expect(await settle('redriveDeadLetter', { deadLetterId: '12345' })).toMatchObject({ code: 'NOT_FOUND' })
    expect(await settle('discardDeadLetter', { deadLetterId: '4' })).toMatchObject({ code: 'NOT_FOUND' })
    const id = Buffer.from(`DeadLetter:1@${socialOverdrive}`).toString('base64url')
    expect(await settle('discardDeadLetter', { deadLetterId: id })).toMatchObject({ code: 'NOT_FOUND' })
    const { data } = await graphql(gateway.url, `{ node(id: "${id}") { id } }`)
    expect(data).toEqual({ node: null })
  })
})
