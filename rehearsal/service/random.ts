/** Numbers in [0, 1); the same seed gives the same sequence on every machine. */
export type Random = () => number

/** A seeded generator (mulberry32): small and quick, for load and faults, never for secrets. */
export function seededRandom(seed: number | string): Random {
  let state = hash(String(seed))
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One draw of the standard normal distribution (Box and Muller); takes two numbers of `random`. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** The wait until the next arrival of a Poisson process of `rate` arrivals a second, in milliseconds. */
export function arrivalGap(random: Random, rate: number): number {
  return (-Math.log(1 - random()) / rate) * 1000
}

/** FNV-1a, so that neighbouring seeds do not start neighbouring sequences. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value | 0
}
