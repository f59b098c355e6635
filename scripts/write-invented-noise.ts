// node build/scripts/write-invented-noise.js FILE RUNS [SEED]: the traces of docs/measurements/verdict.md, one a line.
import { closeSync, openSync, writeSync } from 'node:fs'
import { type InventedFamily, inventedFamilies, inventedTrace } from './invented-noise.ts'

const [file, runs = '', seed = '1'] = process.argv.slice(2)
if (!file || !/^[1-9]\d*$/.test(runs) || !/^\d+$/.test(seed)) {
  console.error('write-invented-noise: write a file, how many traces a cell, and perhaps a seed')
  process.exitCode = 1
} else {
  const out = openSync(file, 'w')
  for (const family of Object.keys(inventedFamilies) as InventedFamily[])
    for (const [canaries, pods] of [
      [1, 11],
      [1, 3],
      [3, 10],
    ] as const)
      for (const rps of [200, 2000])
        for (const base of [0.001, 0.005])
          for (let run = 0; run < Number(runs); run++) {
            const trace = inventedTrace(family, { canaries, pods, rps, base }, run, { seed: Number(seed) })
            writeSync(out, `${JSON.stringify(trace)}\n`)
          }
  closeSync(out)
}
