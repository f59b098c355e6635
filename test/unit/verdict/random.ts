/** A seeded source of randomness for simulations (mulberry32). */
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
  const poisson = (mean: number) => {
    if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()))
    const floor = Math.exp(-mean)
    let count = 0
    for (let left = uniform(); left > floor; left *= uniform()) count++
    return count
  }
  const geometric = (mean: number) => {
    let count = 1
    while (uniform() > 1 / mean) count++
    return count
  }
  return { uniform, normal, poisson, geometric }
}

export type Random = ReturnType<typeof randomFrom>
