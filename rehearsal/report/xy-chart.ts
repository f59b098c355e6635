import { drawChart } from './chart.ts'

const colours = ['var(--canary)', 'var(--stable)', 'var(--green)', 'var(--red)']
const names = ['first line', 'second line', 'third line', 'fourth line']

/** Draws the `xychart-beta` of Mermaid that relman's summaries use; null for any other diagram. */
export const drawXyChart = (source: string): string | null => {
  if (!source.trimStart().startsWith('xychart')) return null
  const title = /^\s*title "([^"]*)"/m.exec(source)?.[1] ?? ''
  const to = Number(/^\s*x-axis .*-->\s*([\d.]+)/m.exec(source)?.[1] ?? 0)
  const top = Number(/^\s*y-axis .*-->\s*([\d.]+)/m.exec(source)?.[1] ?? 0)
  const lines = [...source.matchAll(/^\s*(?:line|bar) (?:"[^"]*" )?\[([^\]]*)\]/gm)].map(([, list = '']) =>
    list.split(',').map(Number),
  )
  if (lines.length === 0 || !(to > 0) || !(top > 0)) return null
  const [text = '', ...keys] = title.split(/: (?=first line)/)
  const legend = keys
    .join(': ')
    .split(', ')
    .map((key) => key.replace(/^\w+ line /, ''))
  return drawChart({
    title: text,
    unit: '',
    from: 0,
    to: to * 1000,
    top,
    markers: [],
    series: lines.map((values, index) => ({
      name: legend[index] || (names[index] ?? ''),
      colour: colours[index] ?? 'var(--soft)',
      points: values.map((value, place) => ({
        at: (place / Math.max(1, values.length - 1)) * to * 1000,
        value: Number.isFinite(value) ? value : null,
      })),
    })),
  })
}
