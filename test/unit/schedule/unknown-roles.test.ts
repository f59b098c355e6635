import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import { unknownRoles } from '@relman/core/schedule/unknown-roles'

const said = (owners: Record<string, string>, signoff = {}) =>
  unknownRoles(config.parse({ schedule: { owners }, signoff }))

test('P26: the owner of a role that nothing asks for is said, with what was meant', () => {
  expect(said({ 'release-owner': 'Ada', security: 'Bo', quality: 'Cy' })).toEqual([])
  expect(said({ product: 'Di' }, { high: ['product'] })).toEqual([])
  expect(said({ 'relase-owner': 'Ada' })).toEqual([
    'schedule.owners: "relase-owner" is the role of no task and no sign-off; did you mean "release-owner"?',
  ])
  expect(said({ chef: 'Ada' })[0]).toMatch(/; those are communication, documentation, engineering, /)
})
