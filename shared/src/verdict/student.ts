// Chebyshev fit of erfc(x) / exp(-x^2), relative error below 1.2e-7 (Press et al., Numerical Recipes, 6.2.2).
const CHEBYSHEV = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
]

/** Cumulative distribution of the standard normal. */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + x / 2)
  let exponent = 0
  for (let i = CHEBYSHEV.length - 1; i >= 0; i--) exponent = exponent * t + (CHEBYSHEV[i] ?? 0)
  const tail = (t * Math.exp(exponent - x * x)) / 2
  return z >= 0 ? 1 - tail : tail
}

/**
 * Cumulative distribution of Student's t with `freedom` degrees of freedom, by Wallace's transformation to the normal
 * (Wallace 1959). Absolute error below 0.005 for freedom >= 4: it shapes a prior, so that is enough.
 */
export function studentCdf(t: number, freedom: number): number {
  const z = ((8 * freedom + 1) / (8 * freedom + 3)) * Math.sqrt(freedom * Math.log1p((t * t) / freedom))
  return normalCdf(t < 0 ? -z : z)
}

/** The z at which `normalCdf` reaches `share` (above 0, below 1), by bisection. */
export function normalQuantile(share: number): number {
  let [low, high] = [-40, 40]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (normalCdf(middle) < share) low = middle
    else high = middle
  }
  return high
}

/** The t at which `studentCdf` reaches `share` (0.5 to 1), by bisection. */
export function studentQuantile(share: number, freedom: number): number {
  let low = 0
  let high = 1
  while (studentCdf(high, freedom) < share && high < 1e6) high *= 2
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (studentCdf(middle, freedom) < share) low = middle
    else high = middle
  }
  return high
}
