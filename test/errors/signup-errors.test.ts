import { expect, it } from 'vitest'
import { signupError } from '../../src/alerts/signup-errors.ts'

it.each([
  [2655049, 'CUSTOMER'],
  [2494028, 'CUSTOMER'],
  [2494119, null],
  [2494091, 'US'],
  [2494029, 'CUSTOMER'],
  [2494120, 'CUSTOMER'],
  [2593072, 'CUSTOMER'],
  [2388098, 'CUSTOMER'],
  [2494067, 'CUSTOMER'],
  [2494030, 'META'],
  [2494143, 'CUSTOMER'],
  [2655089, 'CUSTOMER'],
  [3441040, 'CUSTOMER'],
  [2388107, 'CUSTOMER'],
  [2388002, 'CUSTOMER'],
  [3441051, 'CUSTOMER'],
  [2655011, 'CUSTOMER'],
  [3441030, 'CUSTOMER'],
  [3441049, 'CUSTOMER'],
  [2655094, 'CUSTOMER'],
  [2655093, 'CUSTOMER'],
  [3441041, 'CUSTOMER'],
  [3441045, 'CUSTOMER'],
  [3441042, 'CUSTOMER'],
  [2655095, 'CUSTOMER'],
  [2655048, 'CUSTOMER'],
  [3441047, 'CUSTOMER'],
  [4563015, 'CUSTOMER'],
  [2655082, 'CUSTOMER'],
  [2593037, 'META'],
  [2593039, 'META'],
  [2494158, 'META'],
  [3441033, 'META'],
  [3441046, 'META'],
  [1390006, 'META'],
  [1675004, 'META'],
  [1390008, 'META'],
  [2859009, 'CUSTOMER'],
  [4612001, 'CUSTOMER'],
  [2388091, 'META'],
  [2388093, 'CUSTOMER'],
])('error %i of Embedded Signup waits for %s, and says what it is', (code, party) => {
  expect(signupError(code)).toEqual({ waitsFor: party, text: expect.stringMatching(/^[A-Z].+\.$/) as string })
})

it('says nothing of a code that no page explains', () => {
  expect(signupError(1)).toBeNull()
})
