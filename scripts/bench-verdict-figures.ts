/** Regularised incomplete beta function by its continued fraction (Lentz; Press et al., Numerical Recipes, 6.4). */
function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x)
  const front = Math.exp(a * Math.log(x) + b * Math.log(1 - x) - logBeta(a, b)) / a
  let [c, d] = [1, 1 / (1 - ((a + b) * x) / (a + 1))]
  let fraction = d
  for (let m = 1; m < 500; m++) {
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / (1 + term * d)
      c = 1 + term / c
      fraction *= c * d
    }
    if (Math.abs(c * d - 1) < 1e-12) break
  }
  return front * fraction
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}

function logGamma(x: number): number {
  let [y, sum] = [x, 0]
  for (; y < 10; y++) sum -= Math.log(y)
  return sum + (y - 0.5) * Math.log(y) - y + 0.9189385332046727 + 1 / (12 * y) - 1 / (360 * y ** 3)
}

/** One-sided 95 % bounds of a share by Clopper and Pearson. */
export function upperBound(hits: number, runs: number): number {
  return hits >= runs ? 1 : solve((p) => 1 - incompleteBeta(hits + 1, runs - hits, p), 0.05)
}

export function lowerBound(hits: number, runs: number): number {
  return hits === 0 ? 0 : solve((p) => -incompleteBeta(hits, runs - hits + 1, p), -0.05)
}

/** The p at which a falling function reaches `level`. */
function solve(falling: (p: number) => number, level: number): number {
  let [low, high] = [0, 1]
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2
    if (falling(middle) > level) low = middle
    else high = middle
  }
  return (low + high) / 2
}

export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`

/** "0.3 % (≤ 1.6 %)": a share that should be small, with its upper bound. */
export const atMost = (hits: number, runs: number): string =>
  `${percent(hits / runs)} (≤ ${percent(upperBound(hits, runs))})`

/** "92 % (≥ 89 %)": a share that should be large, with its lower bound. */
export const atLeast = (hits: number, runs: number): string =>
  `${percent(hits / runs, 0)} (≥ ${percent(lowerBound(hits, runs), 0)})`

/** The value below which a share of the values lies; Infinity counts as "never". */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

/** Seconds, or "-" for never. */
export const seconds = (value: number): string => (Number.isFinite(value) ? `${value} s` : '-')
