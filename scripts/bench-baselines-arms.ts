import { type ArmRatio, armRatios, learnArmSpread, learnFromReleases } from '@relman/core/verdict/arm-spread'
import { look, openJudge } from '@relman/core/verdict/judge'
import { LOOK_SECONDS, type Place, service } from './bench-verdict-noise.ts'
import { randomFrom, seedOf } from './bench-verdict-random.ts'
import { bake, errorsWithin, MARGIN } from './bench-verdict-runs.ts'

const family = 'drift of the canary arm'
const history = 60
const releases = 14
const stepLooks = 8
const looks = 40

type Released = { steps: ArmRatio[]; returned: boolean }

/** A past rollout of ten minutes as the record tells of it: one entry for each two minutes, until it was returned. */
const release = (place: Place, seed: number, increase: number): Released => {
  const next = service(family, place, randomFrom(seed))
  const before = Array.from({ length: history }, (_, i) => next((i - history) * LOOK_SECONDS, 0))
  let state = openJudge({ criteria: [errorsWithin()], history: before })
  const steps: ArmRatio[] = []
  let since = state
  for (let at = 0; at < looks; at++) {
    const step = { index: 0, last: true, elapsedSeconds: (at + 1) * LOOK_SECONDS, weight: place.weight }
    const answer = look(state, [next(at * LOOK_SECONDS, place.weight, increase)], step)
    state = answer.state
    const returned = answer.verdict.verdict === 'unhealthy'
    if (returned || (at + 1) % stepLooks === 0) {
      steps.push(...armRatios(state, since))
      since = state
    }
    if (returned) return { steps, returned }
  }
  return { steps, returned: false }
}

/** Who learns what from the same record. */
export const teachers: Record<string, (record: readonly Released[]) => number | undefined> = {
  nobody: () => undefined,
  'those not returned, sum of squares': (record) =>
    learnArmSpread(record.filter(({ returned }) => !returned).flatMap(({ steps }) => steps)) ?? 0,
  'all, sum of squares': (record) => learnArmSpread(record.flatMap(({ steps }) => steps)) ?? 0,
  'those not returned, capped (relman)': (record) =>
    learnFromReleases(record.filter(({ returned }) => !returned).map(({ steps }) => steps))?.spread ?? 0,
}

export type ArmCell = {
  teacher: string
  bad: number
  spread: number
  falseRate: number[]
  caught: number
  /** Share proven in ten minutes though worse by exactly the margin. */
  promoted: number[]
}

/** `runs` records of 14 releases, `bad` of them really 1 pp worse, each followed by a good and a bad release. */
export const armCells = (place: Place, bad: number, runs: number, seed: number): ArmCell[] => {
  const found = Object.keys(teachers).map((teacher) => ({
    teacher,
    spreads: [] as number[],
    wrong: 0,
    caught: 0,
    promoted: 0,
  }))
  for (let run = 0; run < runs; run++) {
    const record = Array.from({ length: releases }, (_, i) =>
      release(place, seedOf(seed, 'past', place.rps, place.weight, run, i), i < bad ? 0.01 : 0),
    )
    const now = seedOf(seed, 'now', place.rps, place.weight, run)
    for (const cell of found) {
      const armSpread = teachers[cell.teacher]?.(record)
      cell.spreads.push(armSpread ?? 0)
      const settings = armSpread === undefined ? {} : { armSpread }
      const options = { history, rivals: false, settings }
      if (bake(family, place, now, options).unhealthy !== null) cell.wrong += 1
      if (bake(family, place, now, { ...options, increase: 0.01 }).unhealthy !== null) cell.caught += 1
      if (bake(family, place, now, { ...options, increase: MARGIN }).healthy !== null) cell.promoted += 1
    }
  }
  return found.map(({ teacher, spreads, wrong, caught, promoted }) => {
    const spread = spreads.sort((a, b) => a - b)[runs >> 1] ?? 0
    return {
      teacher,
      bad,
      spread,
      falseRate: [wrong, runs],
      caught: caught / runs,
      promoted: [promoted, runs],
    }
  })
}
