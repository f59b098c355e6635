import { parseArgs } from 'node:util'
import { type ChangeFeatures, explainScore, scoreChange } from '@relman/core'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import { featureNames } from '@relman/core/risk/score-features'
import { readText } from './read-text.ts'

type Table = { rows: ChangeFeatures[]; ignored: string[] }

/**
 * Reads a CSV: the header names the measures in any order, each may be missing, an empty cell is not known, other columns
 * are ignored. Numbers need no quotes; a cell of another column may have them, but not with a line end inside.
 */
export const parseFeatures = (text: string, file: string): Table => {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  while (lines.at(-1) === '') lines.pop()
  const [head, ...body] = lines
  if (head === undefined) throw new ConfigurationError(`${file} is empty; its first line names the columns`)
  const names = cellsOf(head).map((name) => name.trim())
  const known = featureNames.filter((name) => names.includes(name))
  if (known.length === 0)
    throw new ConfigurationError(
      `${file}:1: no column is a measure; name at least one of ${featureNames.join(', ')}`,
    )
  const twice = known.find((name) => names.indexOf(name) !== names.lastIndexOf(name))
  if (twice) throw new ConfigurationError(`${file}:1: the column "${twice}" is there twice; keep one`)
  const places = known.map((name) => ({ name, at: names.indexOf(name) }))
  const rows = body.map((line, index) => {
    const cells = cellsOf(line)
    const where = `${file}:${index + 2}`
    if (cells.length !== names.length)
      throw new ConfigurationError(
        `${where}: ${cells.length} cells, but the header names ${names.length} columns`,
      )
    const row: ChangeFeatures = {}
    for (const { name, at } of places) {
      const cell = (cells[at] ?? '').trim()
      if (cell === '') continue
      row[name] = name === 'fix' ? flag(cell, where) : number(cell, `${where}: ${name}`)
    }
    return row
  })
  const ignored = names.filter((name) => !featureNames.some((feature) => feature === name))
  return { rows, ignored }
}

/** Some data sets write whether a change is a fix as a word. */
const flag = (cell: string, where: string): number =>
  /^(true|false)$/i.test(cell) ? Number(/^t/i.test(cell)) : number(cell, `${where}: fix`)

const number = (cell: string, where: string): number => {
  const value = /^\+?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell) ? Number(cell) : Number.NaN
  if (!Number.isFinite(value))
    throw new ConfigurationError(
      `${where} is "${cell.slice(0, 40)}"; write a number that is 0 or more, or nothing`,
    )
  return value
}

/** Cells of one line; a quoted cell may hold commas and doubled quotes. */
const cellsOf = (line: string): string[] =>
  line.includes('"')
    ? [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      )
    : line.split(',')

/** `relman score`: prints one probability a line, in the order of the rows. */
export const score = (args: readonly string[]): void => {
  const { values } = parseArgs({
    args: [...args],
    options: { features: { type: 'string' }, explain: { type: 'boolean', default: false } },
  })
  const file = values.features
  if (file === undefined) throw new ConfigurationError('score: name a file: --features FILE.csv')
  const { rows, ignored } = parseFeatures(readText(file), file)
  if (ignored.length > 0) {
    const list = ignored.map((name) => JSON.stringify(name.slice(0, 40)))
    console.error(
      `${file}: ignored ${list.length === 1 ? 'column' : 'columns'} ${list.slice(0, 20).join(', ')}`,
    )
  }
  const lines = rows.map((row) => {
    const probability = scoreChange(row).toFixed(6)
    return values.explain ? `${probability} ${explainScore(row).sentence}` : probability
  })
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`)
}
