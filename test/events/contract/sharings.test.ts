import { describe, expect, it } from 'vitest'
import type { Sharing } from '../../../src/events/sharings.ts'
import { freshStore, opened, storeKinds } from '../support/stores.ts'

const sharing = (more: Partial<Sharing> = {}): Sharing => ({
  appId: '1',
  allocationId: '10',
  wabaId: '100',
  businessId: '200',
  creditLineId: '300',
  attached: true,
  sharedAt: 5,
  ...more,
})

describe.each(storeKinds)('the store of sharings in $name', (kind) => {
  it('finds one by account, by allocation and by business', async () => {
    const { sharings } = await freshStore(kind)
    await sharings.save(sharing())
    for (const of of [{ wabaId: '100' }, { allocationId: '10' }, { businessId: '200' }])
      expect(await sharings.find(of, ['1'])).toEqual([sharing()])
    expect(await sharings.find({ wabaId: '200' }, ['1'])).toEqual([])
  })

  it('gives the newest first', async () => {
    const { sharings } = await freshStore(kind)
    for (const [allocationId, sharedAt] of [
      ['10', 5],
      ['11', 9],
      ['12', 7],
    ] as const)
      await sharings.save(sharing({ allocationId, sharedAt }))
    const found = await sharings.find({ wabaId: '100' }, ['1'])
    expect(found.map(({ allocationId }) => allocationId)).toEqual(['11', '12', '10'])
  })

  it('keeps what it knows, and learns the line and that the account has taken it', async () => {
    const { sharings } = await freshStore(kind)
    await sharings.save(sharing({ creditLineId: null, attached: false }))
    await sharings.save(sharing({ sharedAt: 9 }))
    await sharings.save(sharing({ creditLineId: '301', attached: false, sharedAt: 11 }))
    expect(await sharings.find({ wabaId: '100' }, ['1'])).toEqual([sharing()])
  })

  it('knows one of a business apart from those of its accounts', async () => {
    const { sharings } = await freshStore(kind)
    await sharings.save(sharing({ wabaId: null, sharedAt: 1 }))
    await sharings.save(sharing())
    expect(await sharings.find({ allocationId: '10' }, ['1'])).toEqual([
      sharing(),
      sharing({ wabaId: null, sharedAt: 1 }),
    ])
    expect(await sharings.find({ wabaId: '' }, ['2'])).toEqual([])
  })

  it('tells an app nothing of another', async () => {
    const { sharings } = await freshStore(kind)
    await sharings.save(sharing({ appId: '2' }))
    expect(await sharings.find({ wabaId: '100' }, ['1'])).toEqual([])
    expect(await sharings.find({ wabaId: '100' }, [])).toEqual([])
    expect(await sharings.find({ wabaId: '100' }, ['1', '2'])).toHaveLength(1)
  })

  it('outlives retention and the process', async () => {
    const url = await kind.place()
    const { sharings, log, close } = await opened(url)
    await sharings.save(sharing())
    await log.deleteBefore(Number.MAX_SAFE_INTEGER, 100)
    await close()
    const again = await opened(url)
    expect(await again.sharings.find({ wabaId: '100' }, ['1'])).toEqual([sharing()])
  })

  it('says StoreUnavailable when the store is gone', async () => {
    const { sharings, close } = await freshStore(kind)
    await close()
    const unavailable = expect.objectContaining({ name: 'StoreUnavailable' })
    await expect(sharings.save(sharing())).rejects.toThrow(unavailable)
    await expect(sharings.find({ wabaId: '100' }, ['1'])).rejects.toThrow(unavailable)
  })
})
