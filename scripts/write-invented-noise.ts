// node build/scripts/write-invented-noise.js FILE RUNS [SEED]: the traces of docs/measurements/verdict.md, one a line.
import { type InventedFamily, inventedFamilies, inventedTrace } from './invented-noise.ts'
import { inventedCells, writeCells } from './write-cells.ts'

writeCells('write-invented-noise', (write, runs, seed) => {
  for (const family of Object.keys(inventedFamilies) as InventedFamily[])
    for (const cell of inventedCells)
      for (let run = 0; run < runs; run++) write(inventedTrace(family, cell, run, { seed }))
})
