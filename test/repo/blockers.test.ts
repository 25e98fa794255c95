import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { blockerCodes } from '../../src/onboarding/blockers/blocker.ts'
import { root } from '../support/repository.ts'

it('every code of a blocker is listed in docs/blockers.md, in the order of its urgency', () => {
  const text = readFileSync(join(root, 'docs/blockers.md'), 'utf8')
  const listed = [...text.matchAll(/^\| `([A-Z_]+)` +\|/gm)].map(([, code]) => code)
  expect(listed).toEqual(Object.keys(blockerCodes))
})
