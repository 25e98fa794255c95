import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { SealedDocuments } from '../../../src/events/documents.ts'
import { freshStore, opened, storeKinds } from '../support/stores.ts'

const minutes = 60_000
const room = 1_000
const waiting = (id: string, size = 100) => ({
  id,
  sealed: { keyId: 'k', bytes: new Uint8Array([1, 2, 3]) },
  size,
})

describe.each(storeKinds)('the store of documents in $name', (kind) => {
  it('keeps one for its time by the clock of the store, and gives none after it', async () => {
    const { documents } = await freshStore(kind)
    const until = await documents.put(waiting('a'), 10 * minutes, room)
    expect(until).toBeGreaterThan(Date.now() + 9 * minutes)
    expect(await documents.get('a')).toMatchObject({ keyId: 'k' })
    await documents.put(waiting('b'), 0, room)
    expect(await documents.get('b')).toBeNull()
    expect(await documents.get('c')).toBeNull()
  })

  it('takes no more than there is room for, and what has ended takes none', async () => {
    const { documents } = await freshStore(kind)
    await documents.put(waiting('ended', 900), 0, room)
    expect(await documents.put(waiting('a', 600), minutes, room)).not.toBeNull()
    expect(await documents.put(waiting('b', 401), minutes, room)).toBeNull()
    expect(await documents.get('b')).toBeNull()
    expect(await documents.put(waiting('c', 400), minutes, room)).not.toBeNull()
    await documents.drop(['a'])
    expect(await documents.put(waiting('b', 401), minutes, room)).not.toBeNull()
  })

  it('never holds more than there is room for when many come at once', async () => {
    const { documents } = await freshStore(kind)
    const come = Array.from({ length: 20 }, (_, index) =>
      documents.put(waiting(`${index}`, 300), minutes, room),
    )
    const taken = (await Promise.all(come)).filter((until) => until !== null)
    expect(taken.length).toBeLessThanOrEqual(3)
    expect(await documents.put(waiting('more', room - 300 * taken.length), minutes, room)).not.toBeNull()
  })

  it('deletes what has ended, and leaves what waits', async () => {
    const store = await freshStore(kind)
    await store.documents.put(waiting('a'), minutes, room)
    await store.documents.put(waiting('b'), 0, room)
    await store.documents.dropEnded()
    expect(await store.documents.get('a')).not.toBeNull()
  })
})

describe.each(storeKinds)('documents that are sealed into $name', (kind) => {
  const paper = {
    filename: 'papers of Wind & Wool.pdf',
    type: 'application/pdf',
    bytes: Buffer.from('%PDF-1.7 Ü'),
  }
  const key = randomBytes(32).toString('base64')

  it('are found by whoever has the key, as they were', async () => {
    const url = await kind.place()
    const one = new SealedDocuments((await opened(url)).documents, [key])
    const other = new SealedDocuments((await opened(url)).documents, [
      randomBytes(32).toString('base64'),
      key,
    ])
    const { id = '' } = (await one.put(paper)) ?? {}
    expect(await other.get(id)).toEqual(paper)
    await other.forget([id])
    expect(await one.get(id)).toBeNull()
  })

  it('are like none to whoever has another key, and not one in place of another', async () => {
    const { documents } = await freshStore(kind)
    const [mine, strange] = [key, randomBytes(32).toString('base64')].map(
      (its) => new SealedDocuments(documents, [its]),
    )
    const { id = '' } = (await mine?.put(paper)) ?? {}
    expect(await strange?.get(id)).toBeNull()
    const sealed = await documents.get(id)
    await documents.put({ id: 'another', sealed: sealed!, size: 1 }, minutes, room)
    expect(await mine?.get('another')).toBeNull()
  })

  it('show neither their content nor their name', async () => {
    const { documents } = await freshStore(kind)
    const { id = '' } = (await new SealedDocuments(documents, [key]).put(paper)) ?? {}
    const bytes = Buffer.from((await documents.get(id))?.bytes ?? []).toString('latin1')
    expect(bytes).not.toMatch(/PDF|papers|Wool/)
    expect(bytes.length).toBeGreaterThan(paper.bytes.length)
  })
})
