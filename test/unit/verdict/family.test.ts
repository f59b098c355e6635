import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { familyTable } from '../../../scripts/bench-verdict-family.ts'
import { randomFrom } from '../../../scripts/bench-verdict-random.ts'

const random = randomFrom(3)
const pods = (name: string, count: number, requests: number, rate: number, buckets: number) =>
  Array.from({ length: count }, (_, i) => ({
    pod: `${name}-${i}`,
    requests: new Array<number>(buckets).fill(requests),
    errors: Array.from({ length: buckets }, () => random.poisson(requests * rate)),
  }))
const trace = (name: string, canary: number) => ({
  name,
  interval: 15,
  margin: 0.002,
  weight: 10,
  arms: { canary: pods('c', 2, 1500, canary, 40), stable: pods('s', 18, 1500, 0.001, 40) },
  history: pods('s', 18, 1500, 0.001, 60),
})

test('V4: a family of noise that someone else invented is measured from a file of traces', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'relman-family-'))
  const file = join(folder, 'traces.jsonl')
  const lines = [
    ...Array.from({ length: 6 }, (_, i) => trace(`no change, 2,000 rps#${i}`, 0.001)),
    ...Array.from({ length: 6 }, (_, i) => trace(`+2 pp#${i}`, 0.021)),
  ].map((one) => JSON.stringify(one))
  writeFileSync(file, `${lines.join('\n')}\nnot a trace\n`)
  try {
    const table = await familyTable(file)
    const row = (cell: string) =>
      table
        .split('\n')
        .map((line) => line.split('|').map((word) => word.trim()))
        .find((words) => words[1] === cell) ?? []
    expect(row('no change, 2,000 rps')[2]).toBe('6')
    expect(row('no change, 2,000 rps')[3]).toBe('0.0 % (≤ 39.3 %)')
    expect(row('no change, 2,000 rps')[5]).toMatch(/^100 %/)
    expect(row('+2 pp')[3]).toMatch(/^100.0 %/)
    expect(row('+2 pp')[4]).toBe('15 s')
    expect(row('all')[2]).toBe('13')
    expect(table).toContain('bad data: ')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
