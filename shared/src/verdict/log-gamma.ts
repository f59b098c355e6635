const HALF_LOG_TWO_PI = 0.9189385332046727

/** Natural logarithm of the gamma function for x > 0. Stirling's series after shifting x to 8 (Abramowitz and Stegun 6.1.41). */
export function logGamma(x: number): number {
  let shift = 0
  let y = x
  while (y < 8) {
    shift -= Math.log(y)
    y++
  }
  const inverse = 1 / (y * y)
  const series = (1 / 12 - inverse * (1 / 360 - inverse / 1260)) / y
  return shift + (y - 0.5) * Math.log(y) - y + HALF_LOG_TWO_PI + series
}

/** Logarithm of the rising factorial: ln Gamma(base + count) - ln Gamma(base), for base > 0 and count >= 0. */
export function logRising(base: number, count: number): number {
  if (count >= 16 || !Number.isInteger(count)) return logGamma(base + count) - logGamma(base)
  let sum = 0
  for (let i = 0; i < count; i++) sum += Math.log(base + i)
  return sum
}
