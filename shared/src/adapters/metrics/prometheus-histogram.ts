import { z } from 'zod'

/**
 * A native histogram as Prometheus' API shows it: `count`, `sum`, and `[boundary rule, left, right, count]` for each bucket
 * that is not empty (https://prometheus.io/docs/prometheus/latest/querying/api/#native-histograms).
 */
export const histogramShape = z.object({
  count: z.string(),
  buckets: z.array(z.tuple([z.number(), z.string(), z.string(), z.string()])).optional(),
})

type Bucket = { left: number; right: number; count: number }
export type NativeHistogram = { count: number; buckets: readonly Bucket[] }

/** Null where a figure in it is none. What lies in no bucket (NaN was observed) is slower than every edge. */
export const readHistogram = ({
  count,
  buckets = [],
}: z.output<typeof histogramShape>): NativeHistogram | null => {
  const read = buckets.map(([, left, right, inside]) => ({
    left: bound(left),
    right: bound(right),
    count: Number(inside),
  }))
  const wrong = read.some(
    (one) => Number.isNaN(one.left) || !(one.right >= one.left) || !(one.count >= 0 && one.count < Infinity),
  )
  const total = Number(count)
  return wrong || !(total >= 0 && total < Infinity) ? null : { count: total, buckets: read }
}

const bound = (text: string): number => {
  const sign = text.startsWith('-') ? -1 : 1
  return /^[+-]?Inf$/.test(text) ? sign * Number.POSITIVE_INFINITY : Number(text)
}

/** Series that name the same instance, added. */
export const addHistograms = (one: NativeHistogram, other: NativeHistogram): NativeHistogram => ({
  count: one.count + other.count,
  buckets: [...one.buckets, ...other.buckets],
})

/** Where latency was ever seen: quarters of octaves for exponential buckets, the very bounds for custom ones. */
export type SeenEdges = { low: number; high: number; custom: Set<number> }

export const noEdges = (): SeenEdges => ({
  low: Number.POSITIVE_INFINITY,
  high: Number.NEGATIVE_INFINITY,
  custom: new Set(),
})

/** Four edges an octave: 19 % apart, as near as a margin of 1.2 × asks for. */
const perOctave = 4
const farthest = 40 * perOctave

/**
 * Edges at which all these histograms can be counted exactly: none lies inside a bucket. They come from a fixed grid that
 * only widens with what is seen, because native histograms show no empty bucket and halve their resolution when they
 * grow, and an edge that a judge has chosen must stay.
 */
export const exactEdges = (histograms: readonly NativeHistogram[], seen: SeenEdges): number[] => {
  for (const { buckets } of histograms) {
    const finite = buckets.filter(({ right }) => right > 0 && right < Number.POSITIVE_INFINITY)
    if (!finite.every((bucket) => bucket.left <= 0 || isExponential(bucket)))
      for (const { right } of finite) seen.custom.add(right)
    else
      for (const { left, right } of finite.filter((bucket) => bucket.left > 0)) {
        seen.low = Math.max(-farthest, Math.min(seen.low, Math.floor(Math.log2(left) * perOctave + 1e-6)))
        seen.high = Math.min(farthest, Math.max(seen.high, Math.ceil(Math.log2(right) * perOctave - 1e-6)))
      }
  }
  const grid: number[] = []
  for (let at = seen.low; at <= seen.high; at += 1) grid.push(2 ** (at / perOctave))
  const inside = (edge: number) => (bucket: Bucket) =>
    bucket.left < edge * (1 - 1e-9) && bucket.right > edge * (1 + 1e-9)
  return [...new Set([...grid, ...seen.custom])]
    .sort((a, b) => a - b)
    .filter((edge) => !histograms.some(({ buckets }) => buckets.some(inside(edge))))
}

/** Bounds of schema s are powers of 2^(2^-s), s from -4 to 8. */
const isExponential = ({ left, right }: Bucket): boolean => {
  const schema = -Math.log2(Math.log2(right / left))
  const power = Math.log2(right) * 2 ** Math.round(schema)
  return Math.abs(schema - Math.round(schema)) < 1e-6 && Math.abs(power - Math.round(power)) < 1e-6
}

/** The histogram at these edges as a classic one has it: requests up to each edge, and up to infinity. */
export const upToEdges = (
  { count, buckets }: NativeHistogram,
  edges: readonly number[],
): Map<number, number> =>
  new Map([
    ...edges.map((edge): [number, number] => [
      edge,
      buckets.reduce((sum, one) => (one.right <= edge * (1 + 1e-9) ? sum + one.count : sum), 0),
    ]),
    [Number.POSITIVE_INFINITY, count],
  ])
