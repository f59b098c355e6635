/**
 * Prometheus' `rate` and `increase` over the points of one range (times in ms): the growth between the first and
 * the last point, resets of the counter added, stretched to the whole range where its ends are within 1.1 mean
 * distances of a point, by half a distance otherwise, and never below zero at the start. Null with fewer than two
 * points. As `extrapolatedRate` in promql/functions.go of Prometheus 2 computes it.
 */
export function extrapolated(
  times: readonly number[],
  values: readonly number[],
  range: { start: number; end: number; perSecond: boolean },
): number | null {
  const [first, last] = [times[0], times.at(-1)]
  const [firstValue, lastValue] = [values[0], values.at(-1)]
  if (times.length < 2) return null
  if (first === undefined || last === undefined || firstValue === undefined || lastValue === undefined)
    return null

  let growth = lastValue - firstValue
  let previous = firstValue
  for (const value of values) {
    if (value < previous) growth += previous
    previous = value
  }
  const seen = (last - first) / 1000
  const distance = seen / (times.length - 1)
  let toStart = (first - range.start) / 1000
  const toEnd = (range.end - last) / 1000
  if (growth > 0 && firstValue >= 0) toStart = Math.min(toStart, seen * (firstValue / growth))

  const near = distance * 1.1
  const stretched = seen + (toStart < near ? toStart : distance / 2) + (toEnd < near ? toEnd : distance / 2)
  const seconds = range.perSecond ? (range.end - range.start) / 1000 : 1
  return (growth * (stretched / seen)) / seconds
}
