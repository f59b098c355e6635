import { expect, test } from '@jest/globals'
import { readInputs, weight } from '@relman/core/runtime/inputs'
import { z } from 'zod'

const schema = z.object({ weight: weight(0), until: weight(100, true) })
const read = (weight: string, until = '') => readInputs(schema, (name) => ({ weight, until })[name] ?? '')

test.each([
  ['', 0],
  ['10', 10],
  [' 12.5 % ', 12.5],
  ['.5', 0.5],
  ['0', 0],
  ['100', 100],
])('a weight is a percent: %j', (written, value) => {
  expect(read(written)).toEqual({ weight: value, until: 100 })
})

test.each([['ten'], ['NaN'], ['-1'], ['101'], ['%'], ['.'], ['1,5'], ['Infinity'], ['0x10'], ['1.2.3']])(
  'what is no weight gets one sentence that says what to write: %s',
  (written) => {
    expect(() => read(written)).toThrow(
      `input "weight": write a percent from 0 to 100, such as 10, not ${JSON.stringify(written)}`,
    )
  },
)

test('each fault is told; to stop at nothing is one', () => {
  expect(() => read('ten', '0')).toThrow(
    /^input "weight": write .*, not "ten"\ninput "until": write a percent above 0 and at most 100, such as 10, not "0"$/,
  )
})
