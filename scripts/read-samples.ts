import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { featureNames } from '@relman/core/risk/score-features'
import type { Sample } from './fit-change-score.ts'

/**
 * Reads the training data (CSV, also gzipped): project, order, split (train or test), bug and the measures. Samples come
 * back by project and time.
 */
export const readSamples = (file: string): Sample[] => {
  const bytes = readFileSync(file)
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8')
  return parseSamples(text, file)
}

export const parseSamples = (text: string, file: string): Sample[] => {
  const [head = '', ...lines] = text.trimEnd().split(/\r?\n/)
  const names = head.split(',')
  const place = (name: string): number => {
    const at = names.indexOf(name)
    if (at < 0) throw new Error(`${file}: the column "${name}" is missing`)
    return at
  }
  const [project, order, split, bug] = [place('project'), place('order'), place('split'), place('bug')]
  const measures = featureNames.map(place)
  const number = (cells: readonly string[], at: number, line: number): number => {
    const value = Number(cells[at])
    if (!cells[at] || !Number.isFinite(value))
      throw new Error(`${file}:${line}: ${names[at]} is "${cells[at] ?? ''}", not a number`)
    return value
  }
  const read = lines.map((line, index) => {
    const cells = line.split(',')
    return {
      order: number(cells, order, index + 2),
      sample: {
        project: cells[project] ?? '',
        values: measures.map((at) => number(cells, at, index + 2)),
        repaired: cells[bug] === '1',
        held: cells[split] === 'test',
      },
    }
  })
  read.sort((a, b) =>
    a.sample.project < b.sample.project ? -1 : a.sample.project > b.sample.project ? 1 : a.order - b.order,
  )
  return read.map(({ sample }) => sample)
}
