import { closeSync, openSync, writeSync } from 'node:fs'
import type { Trace } from '@relman/core/replay/trace'
import type { InventedCell } from './invented-noise.ts'

/** Where invented noise is tried: one pod among many, one among few, a third of them; little traffic and much. */
export const inventedCells: readonly InventedCell[] = (
  [
    [1, 11],
    [1, 3],
    [3, 10],
  ] as const
).flatMap(([canaries, pods]) =>
  [200, 2000].flatMap((rps) => [0.001, 0.005].map((base) => ({ canaries, pods, rps, base }))),
)

/** A script that is called with FILE RUNS [SEED] and writes traces, one a line. */
export function writeCells(
  name: string,
  each: (write: (trace: Trace) => void, runs: number, seed: number) => void,
): void {
  const [file, runs = '', seed = '1'] = process.argv.slice(2)
  if (!file || !/^[1-9]\d*$/.test(runs) || !/^\d+$/.test(seed)) {
    console.error(`${name}: write a file, how many traces a cell, and perhaps a seed`)
    process.exitCode = 1
    return
  }
  const out = openSync(file, 'w')
  each((trace) => writeSync(out, `${JSON.stringify(trace)}\n`), Number(runs), Number(seed))
  closeSync(out)
}
