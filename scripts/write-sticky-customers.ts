// node build/scripts/write-sticky-customers.js FILE RUNS [SEED]: traces of docs/measurements/verdict.md, one a line.
import type { Trace, TracedPod } from '@relman/core/replay/trace'
import { randomFrom, seedOf } from './bench-verdict-random.ts'
import type { InventedCell } from './invented-noise.ts'
import { inventedCells, writeCells } from './write-cells.ts'

const customers = 300
const history = 120
const looks = 40
const interval = 15

type Arm = { load: number; bad: number }

/**
 * A router hashes customers to versions for the whole rollout. The largest of 300 customers sends some 7 % of all requests
 * (Zipf), and each has its own share of bad ones (standard deviation of the logarithm 1). Before, all are on stable pods.
 */
const stickyCustomers = ({ canaries, pods, rps, base }: InventedCell, run: number, seed: number): Trace => {
  const name = `sticky customers, ${canaries} of ${pods} pods, ${rps} rps, ${100 * base} %`
  const random = randomFrom(seedOf(seed, name, run))
  const share = canaries / pods
  const arms: Record<'canary' | 'stable', Arm> = { canary: { load: 0, bad: 0 }, stable: { load: 0, bad: 0 } }
  for (let customer = 0; customer < customers; customer++) {
    const arm = arms[random.uniform() < share ? 'canary' : 'stable']
    const load = 1 / (customer + 3)
    arm.load += load
    arm.bad += load * Math.exp(random.normal() - 0.5)
  }
  const load = arms.canary.load + arms.stable.load
  const bad = arms.canary.bad + arms.stable.bad
  const pod = (index: number, { load: own, bad: broken }: Arm, part: number, buckets: number): TracedPod => {
    const mean = (rps * interval * own) / load / part
    const rate = (base * (broken / bad)) / (own / load)
    const requests = Array.from({ length: buckets }, () => random.poisson(mean))
    const errors = requests.map((most) => Math.min(most, random.poisson(most * rate)))
    return { pod: `pod-${index}`, requests, errors }
  }
  const stable = Array.from({ length: pods - canaries }, (_, at) => canaries + at)
  return {
    name: `${name}#${run}`,
    interval,
    margin: 0.001,
    weight: 100 * share,
    arms: {
      canary: Array.from({ length: canaries }, (_, at) => pod(at, arms.canary, canaries, looks)),
      stable: stable.map((at) => pod(at, arms.stable, stable.length, looks)),
    },
    history: stable.map((at) => pod(at, { load, bad }, stable.length, history)),
  }
}

writeCells('write-sticky-customers', (write, runs, seed) => {
  for (const cell of inventedCells)
    for (let run = 0; run < runs; run++) write(stickyCustomers(cell, run, seed))
})
