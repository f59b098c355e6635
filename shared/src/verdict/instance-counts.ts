/** Requests and events of one instance over some time. A list, not an object: names are untrusted. */
export type InstanceCount = { instance: string; total: number; events: number }

/** Sums with one look more, by instance. */
export function addCounts(sums: readonly InstanceCount[], look: readonly InstanceCount[]): InstanceCount[] {
  // Mostly the same instances come in the same order.
  if (sums.length === look.length && sums.every(({ instance }, at) => instance === look[at]?.instance))
    return sums.map(({ instance, total, events }, at) => ({
      instance,
      total: total + (look[at]?.total ?? 0),
      events: events + (look[at]?.events ?? 0),
    }))
  const byName = new Map(sums.map((sum) => [sum.instance, sum]))
  for (const { instance, total, events } of look) {
    const old = byName.get(instance)
    byName.set(instance, { instance, total: total + (old?.total ?? 0), events: events + (old?.events ?? 0) })
  }
  return [...byName.values()]
}

/** Total and events over all instances. */
export function sumCounts(counts: readonly InstanceCount[]): { total: number; events: number } {
  let total = 0
  let events = 0
  for (const count of counts) {
    total += count.total
    events += count.events
  }
  return { total, events }
}

/** How many equally loaded instances would average out as well: (sum n)^2 / sum n^2, at least 1 (Kish 1965). */
export function effectiveInstances(counts: readonly InstanceCount[]): number {
  const { squares, sum } = moments(counts)
  return squares === 0 ? 1 : (sum * sum) / squares
}

/** Requests served by the instance of a typical request: sum n^2 / sum n. */
export function typicalLoad(counts: readonly InstanceCount[]): number {
  const { squares, sum } = moments(counts)
  return sum === 0 ? 0 : squares / sum
}

function moments(counts: readonly InstanceCount[]) {
  let squares = 0
  let sum = 0
  for (const { total } of counts) {
    squares += total * total
    sum += total
  }
  return { squares, sum }
}

/** Degrees of freedom taken for the effect of one instance: nothing shows the tails of so few. */
const FREEDOM_OF_ONE = 6

/**
 * At most so many degrees of freedom for the mean effect of `instances`, however well their spread is known: the excess
 * kurtosis of a mean of independent effects is that of one, 6/(freedom - 4) for Student's t, over their number.
 */
export function tailFreedom(instances: number): number {
  return 4 + (FREEDOM_OF_ONE - 4) * instances
}
