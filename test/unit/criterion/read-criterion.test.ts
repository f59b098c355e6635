import { expect, test } from '@jest/globals'
import { readCriterion } from '@relman/core/criterion/read-criterion'

const below = { side: 'below', quantile: null }
const read: [string, object][] = [
  ['error-rate < baseline + 0.1 %', { ...below, check: 'error-rate', bound: { is: 'plus', points: 0.001 } }],
  ['error-rate<baseline+0.1pp', { ...below, bound: { is: 'plus', points: 0.001 } }],
  ['errors ≤ baseline - 0.5 %', { ...below, bound: { is: 'plus', points: -0.005 } }],
  [
    'p99 < 1.2 × baseline',
    { side: 'below', check: null, quantile: 0.99, bound: { is: 'times', times: 1.2 } },
  ],
  ['p99 < 1.2x baseline', { check: null, bound: { is: 'times', times: 1.2 } }],
  [
    'p95 of checkout < baseline * 1.5',
    { check: 'checkout', quantile: 0.95, bound: { is: 'times', times: 1.5 } },
  ],
  ['p99.9 < 2 * baseline', { quantile: 0.999 }],
  ['orders > 0.95 × baseline', { side: 'above', check: 'orders', bound: { is: 'times', times: 0.95 } }],
  ['http-5xx < 1 %', { ...below, check: 'http-5xx', bound: { is: 'share', share: 0.01 } }],
  ['queue >= 100', { side: 'above', bound: { is: 'number', number: 100 } }],
  ['p99 < 300 ms', { bound: { is: 'seconds', seconds: 0.3 } }],
  ['latency < 2 s', { bound: { is: 'seconds', seconds: 2 } }],
  ['dependency < baseline', { bound: { is: 'times', times: 1 } }],
]

test.each(read)('V5: %s is read as it was written', (text, expected) => {
  expect(readCriterion(text)).toMatchObject({ text, ...expected })
})

const faults: [string, number, RegExp][] = [
  ['', 0, /the name of a check is expected at the end/],
  ['error-rate', 10, /< or > is expected at the end/],
  ['error-rate = 1 %', 11, /"=" means nothing here/],
  ['error-rate < ', 12, /a limit such as/],
  ['error-rate < basline + 0.1 %', 13, /a limit such as .* not "basline"/],
  ['error-rate < baseline + 0.1', 27, /a limit/],
  ['error-rate < baseline + 0.1 % or so', 30, /nothing more is expected, not "or"/],
  ['error-rate < 1 % < 2 %', 17, /nothing more/],
  ['p99 of < 2 × baseline', 7, /the name of a latency check/],
  ['orders > 0.95 × baselin', 16, /not "baselin"/],
  ['a'.repeat(300), 0, /at most 200 characters/],
  ['orders > 0.95 × baseline\n::error::x', 25, /nothing|means/],
]

test.each(faults)('V5: %j is refused at character %i', (text, at, message) => {
  const found = readCriterion(text)
  expect(found).toMatchObject({ at })
  expect('message' in found && found.message).toMatch(message)
})
