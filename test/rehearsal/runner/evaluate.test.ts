import { expect, test } from '@jest/globals'
import { evaluateExpression, evaluateText, holds } from '../../../rehearsal/runner/expression/evaluate.ts'

const scope = {
  contexts: { needs: { a: { result: 'success', outputs: { n: 7 } } }, github: { actor: 'Ann' }, vars: {} },
}
const text = (expression: string) => evaluateText({ expression }, scope)

test.each([
  // The package alone unescapes only the first pair of quotes.
  ["format('a''b''c''{0}''', 1)", "a'b'c'1'"],
  ["'it''s ''it'''", "it's 'it'"],
  ['needs.a.outputs.n', '7'],
  ['needs.a.outputs.n + 1', /Unexpected symbol/],
  ["github.ACTOR == 'ann'", 'true'],
  ['vars.none', ''],
  ["vars.none == ''", 'true'],
  ['toJSON(needs.*.result)', '[\n  "success"\n]'],
  ["contains(fromJSON('[1,2]'), 2)", 'true'],
  ["case(needs.a.result == 'failure', 1, github.actor == 'ann', 2, 3)", '2'],
  ['case(false, 1)', /even number|parameters/i],
  ["fromJSON('{')", /Error parsing JSON/],
  ['nope()', /Unrecognized function/],
  ['nope.x', /Unrecognized named-value/],
  ['needs', 'Object'],
  ['1.50', '1.5'],
])('%s', (expression, expected) => {
  if (typeof expected === 'string') expect(text(expression)).toBe(expected)
  else expect(() => evaluateExpression(expression, scope)).toThrow(expected)
})

test.each([
  ["'false'", true],
  ['false', false],
  ['0', false],
  ["''", false],
  ['vars.none', false],
  ['needs', true],
])('the condition %s holds: %s', (expression, expected) => {
  expect(holds(expression, scope)).toBe(expected)
})
