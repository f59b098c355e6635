import { logGamma } from '../verdict/log-gamma.ts'

/**
 * The largest rate that `count` of `among` does not exclude: one-sided bound of Clopper and Pearson 1934, 95 % unless
 * `confidence` says otherwise. 1 when nothing was tried.
 */
export const upperBound = (count: number, among: number, confidence = 0.95): number => {
  if (!(among > 0) || count >= among) return 1
  const atMost = (rate: number) => {
    let sum = 0
    for (let k = 0; k <= count; k++) {
      const choose = logGamma(among + 1) - logGamma(k + 1) - logGamma(among - k + 1)
      sum += Math.exp(choose + k * Math.log(rate) + (among - k) * Math.log1p(-rate))
    }
    return sum
  }
  let low = count / among
  let high = 1
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (atMost(middle) > 1 - confidence) low = middle
    else high = middle
  }
  return high
}
