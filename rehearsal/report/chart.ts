import { escapeHtml } from './escape-html.ts'

export type Point = { at: number; value: number | null }
export type Series = { name: string; colour: string; points: Point[]; fill?: boolean; step?: boolean }
export type Marker = { at: number; text: string; colour: string }
export type Chart = {
  title: string
  unit: string
  series: Series[]
  markers: Marker[]
  from: number
  to: number
  top?: number
}

const width = 940
const height = 190
const left = 52
const right = 20
const head = 26
const foot = 22

/** A chart of values against time as SVG without script: readable on paper, in the dark and by a screen reader. */
export const drawChart = (chart: Chart): string => {
  const highest = Math.max(...chart.series.flatMap(({ points }) => points.map(({ value }) => value ?? 0)), 0)
  const top = chart.top ?? niceTop(highest)
  const x = (at: number) =>
    left + ((at - chart.from) / Math.max(1, chart.to - chart.from)) * (width - left - right)
  const y = (value: number) => height - foot - (Math.min(value, top) / top) * (height - head - foot)
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) =>
    gridLine(y(top * share), label(top * share, chart.unit)),
  )
  const seconds = Math.max(1, Math.round((chart.to - chart.from) / 1000))
  const every = [1, 2, 5, 10, 20, 30, 60].find((one) => seconds / one <= 14) ?? 120
  const ticks = Array.from({ length: Math.floor(seconds / every) + 1 }, (_, index) => index * every).map(
    (second) =>
      `<text class="axis" x="${x(chart.from + second * 1000).toFixed(1)}" y="${height - 6}" text-anchor="middle">${second} s</text>`,
  )
  const named = chart.series.filter(({ name }) => name !== '')
  const legend = named.map(
    ({ name, colour }) => `<span class="key"><i style="background:${colour}"></i>${escapeHtml(name)}</span>`,
  )
  return `<figure><figcaption><b>${escapeHtml(chart.title)}</b> ${legend.join('')}</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(`${[chart.title, ...named.map(({ name }) => name)].join(', ')} against time`)}">
${grid.join('')}${ticks.join('')}${chart.series.map((series) => drawSeries(series, x, y)).join('')}${drawMarkers(chart.markers, x)}</svg></figure>`
}

const gridLine = (at: number, text: string): string =>
  `<line class="grid" x1="${left}" x2="${width - right}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}"/><text class="axis" x="${left - 6}" y="${(at + 4).toFixed(1)}" text-anchor="end">${text}</text>`

const label = (value: number, unit: string): string => `${Number(value.toPrecision(2))}${unit}`

/** The next of 1, 2 or 5 times a power of ten. */
const niceTop = (highest: number): number => {
  if (highest <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(highest))
  return ([1, 2, 5, 10].find((one) => one * power >= highest) ?? 10) * power
}

/** Gaps stay gaps: no data is not zero. */
const drawSeries = (
  { points, colour, fill, step }: Series,
  x: (at: number) => number,
  y: (value: number) => number,
): string => {
  const runs: { at: number; value: number }[][] = []
  let open = false
  for (const { at, value } of points) {
    if (value === null) open = false
    else if (open) runs.at(-1)?.push({ at, value })
    else {
      runs.push([{ at, value }])
      open = true
    }
  }
  return runs
    .map((run) => {
      const path = run
        .map(({ at, value }, index) => {
          const here = `${x(at).toFixed(1)} ${y(value).toFixed(1)}`
          const before = run[index - 1]
          return index === 0
            ? `M${here}`
            : step && before
              ? `L${x(at).toFixed(1)} ${y(before.value).toFixed(1)}L${here}`
              : `L${here}`
        })
        .join('')
      const first = run[0]
      const last = run.at(-1)
      const area =
        fill && first && last
          ? `<path d="${path}L${x(last.at).toFixed(1)} ${y(0).toFixed(1)}L${x(first.at).toFixed(1)} ${y(0).toFixed(1)}Z" fill="${colour}" opacity=".18"/>`
          : ''
      return `${area}<path d="${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"/>`
    })
    .join('')
}

/** Markers that would overlap are written on alternating lines. */
const drawMarkers = (markers: Marker[], x: (at: number) => number): string =>
  markers
    .map(({ at, text, colour }, index) => {
      const here = x(at)
      const anchor = here > width - 140 ? 'end' : 'start'
      const shift = anchor === 'end' ? -4 : 4
      return `<line x1="${here.toFixed(1)}" x2="${here.toFixed(1)}" y1="${head - 14}" y2="${height - foot}" stroke="${colour}" stroke-dasharray="4 3"/><text class="mark" fill="${colour}" x="${(here + shift).toFixed(1)}" y="${head - 6 + (index % 2) * 12}" text-anchor="${anchor}">${escapeHtml(text)}</text>`
    })
    .join('')
