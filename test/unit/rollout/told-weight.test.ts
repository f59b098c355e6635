import { expect, test } from '@jest/globals'
import { weightWords } from '@relman/core/rollout/told-weight'

const seen = (canary: number, stable: number) => ({
  canary: { requests: canary },
  stable: { requests: stable },
})

test.each<[number | null, number, number, RegExp | null]>([
  [null, 50, 50, /no "weight" was given, so the window is held to .* the margin of the last step/],
  [1, 500, 500, /given is 1 %, and the new version served 50 % of the requests \(500 of 1,000\)/],
  [50, 20, 80, /given is 50 %, and the new version served 20 %/],
  [100, 500, 500, /given is 100 %/],
  [50, 480, 520, null],
  [10, 8, 92, null],
  [100, 970, 30, null],
  [1, 20, 20, null],
])('V4: a weight of %s where %d and %d requests were seen', (told, canary, stable, words) => {
  const text = weightWords(told, seen(canary, stable), true)
  if (words) expect(text).toMatch(words)
  else expect(text).toBeNull()
})

test('V4: arms of two times show no share', () => {
  expect(weightWords(1, seen(500, 500), false)).toBeNull()
})
