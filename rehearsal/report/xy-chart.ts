import { drawChart } from './chart.ts'

const usual = ['var(--canary)', 'var(--stable)', 'var(--green)', 'var(--red)']
const names = ['first line', 'second line', 'third line', 'fourth line']

/** Draws the `xychart-beta` of Mermaid that relman's summaries use; null for any other diagram. */
export const drawXyChart = (source: string): string | null => {
  const [, init = '', diagram = ''] = /^\s*(%%\{.*\}%%\s)?\s*([\s\S]*)$/.exec(source) ?? []
  if (!diagram.startsWith('xychart')) return null
  const title = /^\s*title "([^"]*)"/m.exec(diagram)?.[1] ?? ''
  const [, unit, end] = /^\s*x-axis "([^"]*)" .*-->\s*([\d.]+)/m.exec(diagram) ?? []
  const to = Number(end ?? 0) * (unit === 'minutes' ? 60 : 1)
  const top = Number(/^\s*y-axis .*-->\s*([\d.]+)/m.exec(diagram)?.[1] ?? 0)
  const plots = [...diagram.matchAll(/^\s*(line|bar) (?:"[^"]*" )?\[([^\]]*)\]/gm)].map(
    ([, kind, list = '']) => ({ kind, values: list.split(',').map(Number) }),
  )
  if (plots.length === 0 || !(to > 0) || !(top > 0)) return null
  const own = /"plotColorPalette": "([^"]*)"/.exec(init)?.[1]?.split(/,\s*/) ?? []
  const palette = own.filter((colour) => /^#[\da-f]{6}$/i.test(colour))
  const colours = palette.length >= plots.length ? palette : usual
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
    series: plots.map(({ kind, values }, index) => ({
      // With colours of its own, the words below the chart name them.
      name: colours === palette ? '' : legend[index] || (names[index] ?? ''),
      colour: colours[index] ?? 'var(--soft)',
      ...(kind === 'bar' ? { fill: true, step: true } : {}),
      points: values.map((value, place) => ({
        at: (place / Math.max(1, values.length - 1)) * to * 1000,
        value: Number.isFinite(value) ? value : null,
      })),
    })),
  })
}
