import { expect, test } from '@jest/globals'
import { readFault } from '@relman/core/adapters/github/fault'

/** As octokit wraps what its fetch throws. */
const thrown = (cause: unknown) => Object.assign(new Error('request failed', { cause }), { status: 500 })

test.each([
  new ReferenceError('x is not defined'),
  new TypeError('e is not a constructor'),
  new RangeError('depth'),
])('%s in our own code is a defect, not a reason to ask again', (cause) => {
  expect(() => readFault(thrown(cause), 0)).toThrow()
})

test.each([
  new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') }),
  new TypeError('terminated'),
  new Error('socket hang up'),
])('faults 58: %s is asked again', (cause) => {
  expect(readFault(thrown(cause), 0).kind).toBe('transient')
})
