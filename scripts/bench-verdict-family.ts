import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { readConfig } from '@relman/core/config/read-config'
import { type Replayed, replayLine } from '@relman/core/replay/replay-trace'
import { markdownTable } from 'markdown-table'
import { atLeast, atMost, quantile, seconds } from './bench-verdict-figures.ts'

/** The cell a trace belongs to: its name up to the last `#`, or the whole of it. */
const cellOf = (name: string): string => name.slice(0, name.includes('#') ? name.lastIndexOf('#') : undefined)

/**
 * A family of noise that someone else invented, as a file of traces in the format of `replay` (docs/verdict.md), named
 * `cell#run`: how many of each cell were rolled back, how many proven, with bounds, under the default criteria.
 */
export async function familyTable(file: string): Promise<string> {
  const { rollout, metrics } = readConfig('', 'relman.yml')
  const cells = new Map<string, Replayed[]>()
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (line.trim() === '') continue
    const answer = replayLine(line, { rollout, metrics })
    const cell = cellOf(answer.name)
    cells.set(cell, [...(cells.get(cell) ?? []), answer])
  }
  const all = [...cells.values()].flat()
  const rows = [...cells, ...(cells.size > 1 ? [['all', all] as const] : [])].map(([cell, answers]) =>
    rowOf(cell, answers),
  )
  const bad = all.find(({ reason }) => reason === 'bad-data')
  const table = markdownTable(
    [['cell', 'runs', 'rolled back', 'at', 'proven', 'at', 'inconclusive, mostly'], ...rows],
    { align: ['l', 'r', 'r', 'r', 'r', 'r', 'l'] },
  )
  return bad ? `${table}\n\nbad data: ${bad.name}: ${bad.detail}` : table
}

function rowOf(cell: string, answers: readonly Replayed[]): string[] {
  const of = (wanted: string) => answers.filter(({ verdict }) => verdict === wanted)
  const median = (some: readonly Replayed[]) =>
    some.length > 0
      ? seconds(
          quantile(
            some.map(({ at }) => at ?? Number.NaN),
            0.5,
          ),
        )
      : '-'
  const reasons = of('inconclusive').map(({ reason }) => reason)
  const count = (reason: string) => reasons.filter((one) => one === reason).length
  const [most] = [...new Set(reasons)].sort((a, b) => count(b) - count(a))
  return [
    cell,
    String(answers.length),
    atMost(of('unhealthy').length, answers.length),
    median(of('unhealthy')),
    atLeast(of('healthy').length, answers.length),
    median(of('healthy')),
    most ? `${most} ${count(most)}` : '-',
  ]
}
