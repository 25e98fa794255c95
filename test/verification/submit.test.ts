import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { luckyShrub, socialOverdrive, startWorld, type World } from '../onboarding/support/world.ts'
import { mutate } from '../support/mutate.ts'
import { until } from '../support/until.ts'

const pdf = Buffer.from('%PDF-1.7 the papers of a business')
const verb = ['submitBusinessVerification', 'BusinessVerificationInput'] as const
const selection = `... on BusinessVerificationPayload {
  attemptsLeft business { businessId verificationStatus } submissions { status rejectionReasons }
}`

describe('partner-led business verification', () => {
  let world: World
  let businessId: string

  beforeEach(async () => {
    world = await startWorld({ logLevel: 'debug' })
    const customer = await world.arrive()
    businessId = customer.business_id
    // The decision comes as a webhook of the account.
    await world.mutate('subscribeAppToWaba', { wabaId: customer.waba_id, appId: luckyShrub }, '')
    await world.simulator.forgetRequests()
  })
  afterEach(() => world.close())

  const upload = async (body: Uint8Array<ArrayBuffer> = pdf, headers: HeadersInit = { 'x-mps-csrf': '1' }) =>
    fetch(`${world.gateway.url}/documents?filename=papers.pdf`, { method: 'POST', body, headers })
  const documentId = async (): Promise<string> =>
    ((await (await upload()).json()) as { documentId: string }).documentId
  const submit = (input: object) =>
    mutate(world.gateway.url, verb, { businessId, appId: luckyShrub, ...input }, selection)
  const submissions = () => world.gateway.simulator.state().submissions
  const decide = (status: string, reasons: readonly string[] = []) =>
    world.simulator.play('verify', { business_id: businessId, status, rejection_reasons: reasons })
  const sources = async (): Promise<string[]> => {
    const { events } = (await world.ask(
      '{ events(filter: {kinds: [BUSINESS_VERIFICATION_UPDATED]}) { edges { node { source } } } }',
    )) as { events: { edges: { node: { source: string } }[] } }
    return events.edges.map(({ node: { source } }) => source)
  }
  const sent = () => world.sent('POST', 'self_certify')

  it('sends the documents once, and says how many attempts are left', async () => {
    expect(await submit({ documentIds: [await documentId(), await documentId()] })).toMatchObject({
      attemptsLeft: 2,
      business: { businessId, verificationStatus: 'pending' },
      submissions: [{ status: 'PENDING', rejectionReasons: [] }],
    })
    expect(submissions()).toHaveLength(1)
  })

  it('lists what became of each attempt, and the decision comes as an event', async () => {
    await submit({ documentIds: [await documentId()] })
    await decide('FAILED', ['LEGAL_NAME_NOT_MATCHING'])
    expect(await submit({ documentIds: [await documentId()] })).toMatchObject({ attemptsLeft: 1 })
    await decide('APPROVED')
    const { node } = (await world.ask(
      'query ($id: ID!) { node(id: $id) { ... on Business { verificationStatus verificationSubmissions { status rejectionReasons } } } }',
      { id: Buffer.from(`Business:${businessId}`).toString('base64url') },
    )) as { node: object }
    expect(node).toMatchObject({
      verificationStatus: 'verified',
      verificationSubmissions: [
        { status: 'APPROVED', rejectionReasons: [] },
        { status: 'FAILED', rejectionReasons: ['LEGAL_NAME_NOT_MATCHING'] },
      ],
    })
    await until(async () => (await sources()).includes('WEBHOOK'))
  })

  it('is not sent while one is under review, nor when the business is verified', async () => {
    await submit({ documentIds: [await documentId()] })
    expect(await submit({ documentIds: [await documentId()] })).toMatchObject({ code: 'CONFLICT' })
    await decide('APPROVED')
    expect(await submit({ documentIds: [await documentId()] })).toMatchObject({ code: 'CONFLICT' })
    expect(await sent()).toBe(1)
  })

  it('is not sent a fourth time', async () => {
    for (let attempt = 0; attempt < 3; attempt++) {
      await submit({ documentIds: [await documentId()] })
      await decide('FAILED', ['MALFORMED_DOCUMENTS'])
    }
    expect(await submit({ documentIds: [await documentId()] })).toMatchObject({
      code: 'NOT_PERMITTED',
      waitsFor: 'CUSTOMER',
    })
    expect(await sent()).toBe(3)
  })

  it.each(['lostReply', 'truncate'])('whose reply is lost (%s) is found by looking', async (kind) => {
    await world.simulator.faults({ method: 'POST', path: 'self_certify', kind })
    expect(await submit({ documentIds: [await documentId()] })).toMatchObject({ attemptsLeft: 2 })
    expect(submissions()).toHaveLength(1)
    expect(await sent()).toBe(1)
  })

  it('is refused to a Tech Provider by Graph, with its words', async () => {
    expect(await submit({ appId: socialOverdrive, documentIds: [await documentId()] })).toMatchObject({
      __typename: 'GraphApiProblem',
      code: 'NOT_PERMITTED',
    })
  })

  it('keeps no document that was submitted', async () => {
    const documentIds = [await documentId()]
    await submit({ documentIds })
    await decide('FAILED', [])
    expect(await submit({ documentIds })).toMatchObject({ path: ['input', 'documentIds', '0'] })
  })

  it.each<[string, object, string[]]>([
    ['no documents', { documentIds: [] }, ['documentIds']],
    ['four documents', { documentIds: ['1', '2', '3', '4'] }, ['documentIds']],
    ['one document twice', { documentIds: ['1', '1'] }, ['documentIds']],
    ['a document that nobody uploaded', { documentIds: ['1'] }, ['documentIds', '0']],
    ['a business that is no id', { businessId: 'x', documentIds: ['1'] }, ['businessId']],
    ['an app that is not ours', { appId: '9', documentIds: ['1'] }, ['appId']],
  ])('with %s is refused at its path without a Graph call', async (_, input, path) => {
    expect(await submit(input)).toMatchObject({ code: 'INVALID_INPUT', path: ['input', ...path] })
    expect((await world.simulator.requests()).total).toBe(0)
  })

  it.each<[string, () => Promise<Response>, number]>([
    ['that is no document', () => upload(Buffer.from('<html>')), 415],
    ['that is too large', () => upload(Buffer.concat([pdf, Buffer.alloc(5 * 1024 * 1024)])), 413],
    ['from another site', () => upload(pdf, { origin: 'https://evil.example', 'x-mps-csrf': '1' }), 403],
    ['that a form could send', () => upload(pdf, {}), 403],
  ])('takes no upload %s', async (_, send, status) => {
    expect((await send()).status).toBe(status)
  })
})
