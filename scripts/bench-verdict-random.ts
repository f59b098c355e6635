/** A seeded source of randomness (mulberry32). */
export const randomFrom = (seed: number) => {
  let state = seed >>> 0
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  /** Exact below a mean of 60, then its normal approximation. */
  const poisson = (mean: number) => {
    if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()))
    const floor = Math.exp(-mean)
    let count = 0
    for (let left = uniform(); left > floor; left *= uniform()) count++
    return count
  }
  /** 1, 2, ... */
  const geometric = (mean: number) => {
    let count = 1
    while (uniform() > 1 / mean) count++
    return count
  }
  /** Student's t with three degrees of freedom. */
  const heavyTailed = () => normal() / Math.sqrt((normal() ** 2 + normal() ** 2 + normal() ** 2) / 3)
  return { uniform, normal, poisson, geometric, heavyTailed }
}

export type Random = ReturnType<typeof randomFrom>

/** A seed of its own for each run of each cell. */
export function seedOf(seed: number, ...parts: readonly (string | number)[]): number {
  let hash = 2166136261 ^ seed
  for (const char of parts.join('|')) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619)
  return hash >>> 0
}
