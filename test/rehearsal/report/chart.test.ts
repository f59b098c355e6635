import { expect, test } from '@jest/globals'
import { drawChart } from '../../../rehearsal/report/chart.ts'

const base = { title: 'errors', unit: ' %', from: 0, to: 4000, markers: [] }
const series = (values: (number | null)[]) => [
  { name: '<new>', colour: 'red', points: values.map((value, index) => ({ at: index * 1000, value })) },
]
const lines = (svg: string) => [...svg.matchAll(/<path d="(M[^"]*)" fill="none"/g)].map(([, path]) => path)

test('no data is a gap, not a zero', () => {
  expect(lines(drawChart({ ...base, series: series([1, null, 1, 1]) }))).toHaveLength(2)
  expect(lines(drawChart({ ...base, series: series([1, 1, 1, 1]) }))).toHaveLength(1)
})

test('names are text, never markup', () => {
  const svg = drawChart({ ...base, series: series([1]), markers: [{ at: 0, text: '<b>x', colour: 'red' }] })
  expect(svg).not.toContain('<new>')
  expect(svg).not.toContain('<b>x')
})

test('higher values are drawn higher', () => {
  const [path = ''] = lines(drawChart({ ...base, series: series([0, 1, 2]) }))
  const heights = [...path.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map(([, y]) => Number(y))
  expect(heights).toEqual([...heights].sort((a, b) => b - a))
  expect(new Set(heights).size).toBe(3)
})
