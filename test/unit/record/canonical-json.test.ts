import { expect, test } from '@jest/globals'
import { canonicalJson } from '@relman/core/record/canonical-json'
import fc from 'fast-check'

test('RFC 8785 section 3.2.2: literals, numbers and strings', () => {
  const value = {
    numbers: JSON.parse('[333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001]'),
    string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  }
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
})

test('RFC 8785 section 3.2.3: keys by UTF-16 code units', () => {
  const value = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  }
  const names = [...canonicalJson(value).matchAll(/:"([^"]+)"/g)].map((found) => found[1])
  expect(names).toEqual([
    'Carriage Return',
    'One',
    'Control',
    'Latin Small Letter O With Diaeresis',
    'Euro Sign',
    'Emoji: Grinning Face',
    'Hebrew Letter Dalet With Dagesh',
  ])
})

const double = (hex: string) => new DataView(Uint8Array.from(Buffer.from(hex, 'hex')).buffer).getFloat64(0)
test.each([
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
])('RFC 8785 appendix B: the double %s is %s', (hex, text) => {
  expect(canonicalJson(double(hex))).toBe(text)
})

test.each([[Number.NaN], [Number.POSITIVE_INFINITY], ['\ud800'], [() => 1], [1n], [{ '\udc00': 1 }]])(
  'what JSON cannot hold is an error (%p)',
  (value) => {
    expect(() => canonicalJson({ value })).toThrow('canonical JSON cannot hold')
  },
)

test('a cycle is an error, the same object twice is none', () => {
  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  expect(() => canonicalJson(cycle)).toThrow('cycle')
  const shared = { a: 1 }
  expect(canonicalJson([shared, shared])).toBe('[{"a":1},{"a":1}]')
})

test('any JSON reads back as itself, whatever the order of its keys', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const plain = JSON.parse(JSON.stringify(value))
      expect(JSON.parse(canonicalJson(plain))).toEqual(plain)
      expect(canonicalJson(JSON.parse(canonicalJson(plain)))).toBe(canonicalJson(plain))
      if (plain && typeof plain === 'object' && !Array.isArray(plain)) {
        const reversed = Object.fromEntries(Object.entries(plain).reverse())
        expect(canonicalJson(reversed)).toBe(canonicalJson(plain))
      }
    }),
  )
})
