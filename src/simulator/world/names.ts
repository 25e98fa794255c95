// One name has letters outside ASCII and a slash: webhook bytes differ from re-serialised JSON only for such.
const customers = [
  'Wind & Wool',
  'Grünwald / Söhne',
  'Jasper’s Market',
  'Café Brûlée',
  'Northern Kites',
  'Padaria São João',
  'Blue Harbour Tours',
  '東京ペーパー',
]
const agencies = ['Social Brew', 'Bright Fern', 'Open Loop', 'Tall Grass']

const numbered = (names: readonly string[], index: number): string => {
  const name = names[index % names.length] ?? 'Customer'
  return index < names.length ? name : `${name} ${Math.floor(index / names.length) + 1}`
}

export const customerName = (index: number): string => numbered(customers, index)
export const agencyName = (index: number): string => numbered(agencies, index)

const places = [
  { country: 'US', currency: 'USD', timezoneId: '1' },
  { country: 'DE', currency: 'EUR', timezoneId: '47' },
  { country: 'GB', currency: 'GBP', timezoneId: '58' },
  { country: 'IN', currency: 'INR', timezoneId: '71' },
] as const
export type Place = (typeof places)[number]
export const placeOf = (index: number): Place => places[index % places.length] ?? places[0]

const verification = ['verified', 'not_verified', 'pending'] as const
export const verificationOf = (index: number): string =>
  verification[index % verification.length] ?? 'verified'
