import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import { exceptionFor } from '@relman/core/plan/exception'

const { risk } = config.parse({
  risk: { exceptions: [{ version: '2.0.0', from: 'split', reason: 'announced together', by: 'lee' }] },
})
const granted = { reason: 'announced together', by: 'lee' }

test.each([
  ['split', '2.0.0', granted],
  ['split', '2.0.0+abc.1', granted],
  ['split', '2.0.1', null],
  ['split', '2.0.0-rc.1', null],
  ['migration', '2.0.0', null],
] as const)('P6: an exception from %s for %s', (from, version, expected) => {
  expect(exceptionFor(risk, from, version)).toEqual(expected)
})

test('an exception without a reason is none', () => {
  const bare = { risk: { exceptions: [{ version: '2.0.0', from: 'split', reason: 'ok', by: 'lee' }] } }
  expect(() => config.parse(bare)).toThrow(/at least 10 letters/)
})
