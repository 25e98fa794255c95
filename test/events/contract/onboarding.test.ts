import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/events/event.ts'
import { anEvent } from '../support/events.ts'
import { fresh } from '../support/fresh.ts'
import { implementations } from '../support/implementations.ts'

const onboarded = (fields: Partial<NewEvent>): NewEvent =>
  anEvent({ appId: '1', kind: 'CLIENT_WABA_ONBOARDED', ownerBusinessId: '200', wabaId: '100', ...fields })

describe.each(implementations)('onboardings known to the log in $name', (implementation) => {
  it('are found by account and by owner', async () => {
    const { log } = await fresh(implementation)
    await log.append([onboarded({ solutionId: '300' })])
    const known = { wabaId: '100', ownerBusinessId: '200', solutionId: '300', appId: '1' }
    expect(await log.onboarding({ wabaId: '100' }, ['1'])).toEqual(known)
    expect(await log.onboarding({ ownerBusinessId: '200' }, ['1'])).toEqual(known)
  })

  it('are those of the newest event that names a solution, else of the newest', async () => {
    const { log } = await fresh(implementation)
    await log.append([onboarded({}), onboarded({ ownerBusinessId: '201' })])
    expect(await log.onboarding({ wabaId: '100' }, ['1'])).toMatchObject({
      ownerBusinessId: '201',
      solutionId: null,
    })
    await log.append([onboarded({ solutionId: '300' }), onboarded({ solutionId: '301' }), onboarded({})])
    expect(await log.onboarding({ wabaId: '100' }, ['1'])).toMatchObject({ solutionId: '301' })
  })

  it('are nobody else’s: an event of another app tells nothing', async () => {
    const { log } = await fresh(implementation)
    await log.append([onboarded({ appId: '2' })])
    expect(await log.onboarding({ wabaId: '100' }, ['1'])).toBeNull()
    expect(await log.onboarding({ wabaId: '100' }, [])).toBeNull()
    expect(await log.onboarding({ wabaId: '100' }, ['1', '2'])).toMatchObject({ appId: '2' })
  })

  it('need both the account and its owner', async () => {
    const { log } = await fresh(implementation)
    await log.append([
      onboarded({ ownerBusinessId: null }),
      onboarded({ wabaId: null, ownerBusinessId: '202' }),
    ])
    expect(await log.onboarding({ wabaId: '100' }, ['1'])).toBeNull()
    expect(await log.onboarding({ ownerBusinessId: '202' }, ['1'])).toBeNull()
  })
})
