import { addApp } from './app.ts'
import { emptyWorld, put } from './create.ts'
import { addCustomer } from './customer.ts'
import { agencyName, customerName, placeOf, verificationOf } from './names.ts'
import { addPeople } from './person.ts'
import type { World } from './rows.ts'
import { Seed } from './seed.ts'
import { addSolution, appIdsOf } from './solution.ts'

// Names and ids as in the samples of Meta's guide "Multi-Partner Solutions".
export const luckyShrub = '21202248997039'
export const socialOverdrive = '637576208107267'

/** The past that a seeded world was made in: 2025-01-01, in seconds. */
const longAgo = 1_735_689_600

function addTheTwo(world: World): void {
  addApp(world, {
    id: luckyShrub,
    name: 'Lucky Shrub',
    link: `https://www.facebook.com/games/?app_id=${luckyShrub}`,
    businessId: '506914307656634',
    createdAt: longAgo,
  })
  addApp(world, {
    id: socialOverdrive,
    name: 'Social Overdrive',
    link: 'https://www.socialoverdrive.com',
    businessId: '520744086200222',
    createdAt: longAgo,
  })
  for (let index = 0; index < world.settings.creditLines; index += 1) {
    const id = index === 0 ? '1972385232742146' : world.nextId('creditLine')
    const legalEntityName = index === 0 ? 'Lucky Shrub' : `Lucky Shrub ${index + 1}`
    put(world, 'creditLine', world.creditLines, { id, businessId: '506914307656634', legalEntityName })
  }
}

function addAgency(world: World, index: number): string {
  const id = world.nextId('app')
  const name = agencyName(index)
  const link = `https://www.facebook.com/games/?app_id=${id}`
  return addApp(world, { id, name, link, businessId: world.nextId('business'), createdAt: longAgo }).id
}

function addSolutions(world: World): void {
  const { solutions, partnersPerSolution } = world.settings
  if (solutions === 0) return
  const others = Array.from({ length: partnersPerSolution - 1 }, (_, index) => addAgency(world, index))
  for (let index = 0; index < solutions; index += 1) {
    addSolution(world, {
      name: `Social Overdrive with Lucky Shrub ${index + 1}`,
      ownerAppId: socialOverdrive,
      ownerTasks: ['MESSAGING'],
      partners: [luckyShrub, ...others].map((appId) => ({ appId, tasks: [] })),
      status: 'ACTIVE',
      pending: 'NONE',
      partnerStatus: 'ACCEPTED',
    })
  }
}

function addCustomers(world: World): void {
  const solution = world.solutions.values().next().value
  const appIds = solution === undefined ? [luckyShrub] : appIdsOf(world, solution)
  for (let index = 0; index < world.settings.wabas; index += 1) {
    addCustomer(world, {
      businessName: customerName(index),
      wabaName: `${customerName(index)} WhatsApp`,
      verificationStatus: verificationOf(index),
      place: placeOf(index),
      numbers: 1 + (index % 2),
      registered: true,
      appIds,
      ...(solution === undefined ? {} : { solutionId: solution.id }),
      createdAt: longAgo + index * 60,
    })
  }
}

/** A partner's own accounts are nobody's customer's: they are shared with no one, and no business token opens them. */
function addOwned(world: World): void {
  const business = world.businesses.get('506914307656634')
  if (business === undefined) return
  for (let index = 0; index < world.settings.ownedWabas; index += 1) {
    addCustomer(world, {
      business,
      businessName: business.name,
      wabaName: `${business.name} ${index + 1}`,
      verificationStatus: business.verificationStatus,
      place: placeOf(index),
      numbers: 1,
      registered: true,
      appIds: [],
      createdAt: longAgo + index * 60,
    })
  }
}

export function buildWorld(seed: Seed = {}): World {
  const world = emptyWorld(Seed.parse(seed))
  addTheTwo(world)
  addSolutions(world)
  addCustomers(world)
  addOwned(world)
  addPeople(world, luckyShrub)
  return world
}
