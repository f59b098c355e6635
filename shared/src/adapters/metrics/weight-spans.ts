/** Which share of traffic the new version had, and when; told by the looks themselves. Unix seconds. */
export type WeightSpans = { from: number; to: number; weight: number }[]

/** Adds one look; looks at the same weight that meet become one span. */
export const addSpan = (spans: WeightSpans, from: number, to: number, weight: number): void => {
  const last = spans.at(-1)
  if (last && last.weight === weight && from - last.to < 0.001) last.to = Math.max(last.to, to)
  else spans.push({ from, to, weight })
}

/** The weight that held throughout (from, to], or null where it changed within or is not known. */
export const weightOf = (spans: WeightSpans, from: number, to: number): number | null =>
  spans.find((span) => span.from <= from + 0.001 && to <= span.to + 0.001)?.weight ?? null
