import { expect, test } from '@jest/globals'
import { epoch, instantOf, iso } from '@relman/core/schedule/moment'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'

const moments = fc.integer({ min: -1e14, max: 4e14 })

test('a moment is written as Temporal writes it, in any year', () => {
  fc.assert(
    fc.property(moments, (milliseconds) => {
      const at = Temporal.Instant.fromEpochMilliseconds(milliseconds)
      expect(iso(at)).toBe(at.toString({ smallestUnit: 'second' }))
      expect(iso(at.toZonedDateTimeISO('Europe/Berlin'))).toBe(at.toString({ smallestUnit: 'second' }))
    }),
  )
})

test('a moment is read as Temporal reads it, from any text that it takes', () => {
  fc.assert(
    fc.property(moments, (milliseconds) => {
      const text = Temporal.Instant.fromEpochMilliseconds(milliseconds).toString()
      expect(instantOf(text).toString()).toBe(text)
      expect(epoch(text)).toBe(milliseconds)
    }),
  )
})

test.each(['2026-02-29T10:00:00Z', '2026-01-05T24:00:00Z', '2026-13-05T10:00:00Z', '2026-01-05T10:60:00Z'])(
  '%s is no moment',
  (text) => {
    expect(() => instantOf(text)).toThrow(/is no moment in time/)
    expect(() => epoch(text)).toThrow(/is no moment in time/)
  },
)
