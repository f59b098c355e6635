import type { Trace, TracedPod } from '@relman/core/replay/trace'
import { type Random, randomFrom, seedOf } from './bench-verdict-random.ts'

/** Where a harmless release is tried: `canaries` of `pods` at `rps` requests a second, of which a share `base` fails. */
export type InventedCell = { canaries: number; pods: number; rps: number; base: number }

type Service = InventedCell & { buckets: number; random: Random }
/** Expected requests and errors, by pod and bucket. */
type Expected = { load: number[][]; bad: number[][] }

const interval = 15
const history = 120
const looks = 40

const exponential = (random: Random, mean: number) => -mean * Math.log(1 - random.uniform())
/** Lognormal with mean 1; `sd` of the logarithm. */
const lognormal = (random: Random, sd: number) => Math.exp(sd * random.normal() - (sd * sd) / 2)
const below = (random: Random, count: number) => Math.floor(random.uniform() * count)

/** Calls `add` with each bucket between two times and the seconds of it that lie between them. */
const during = (
  from: number,
  to: number,
  buckets: number,
  add: (bucket: number, seconds: number) => void,
) => {
  for (let at = Math.max(0, Math.floor(from / interval)); at < buckets && at * interval < to; at++)
    add(at, Math.min(to, (at + 1) * interval) - Math.max(from, at * interval))
}

/** The traffic of a day: a slope, a wave and a slow wander that all pods share. */
const day = ({ buckets, random }: Service): number[] => {
  const slope = 0.15 * random.normal()
  const phase = 2 * Math.PI * random.uniform()
  let wander = 0
  return Array.from({ length: buckets }, (_, at) => {
    wander = 0.97 * wander + Math.sqrt(1 - 0.97 ** 2) * random.normal()
    return Math.exp((slope * at) / 120 + 0.1 * Math.sin(phase + at / 60) + 0.05 * wander)
  })
}

const expected = (service: Service, rate: (load: number) => number, traffic?: number[]): Expected => {
  const { pods, rps, buckets } = service
  const row = Array.from({ length: buckets }, (_, at) => ((traffic?.[at] ?? 1) * rps * interval) / pods)
  return {
    load: Array.from({ length: pods }, () => [...row]),
    bad: Array.from({ length: pods }, () => row.map(rate)),
  }
}
const more = (lists: number[][], pod: number, at: number, what: number) => {
  const list = lists[pod]
  if (list) list[at] = (list[at] ?? 0) + what
}

/**
 * Crawlers and batch clients, each hashed to one pod: one in three minutes, for four on average, 3 % of the traffic, with
 * broken requests of its own (half of all errors).
 */
const stickyBots = (service: Service): Expected => {
  const { pods, rps, base, buckets, random } = service
  const all = expected(service, (load) => load * base * 0.5)
  let at = exponential(random, 180) - 1800
  for (; at < buckets * interval; at += exponential(random, 180)) {
    const pod = below(random, pods)
    const rate = 0.03 * rps * lognormal(random, 0.5)
    const broken = Math.min(0.5, 12.5 * base * lognormal(random, 0.7))
    during(at, at + exponential(random, 240), buckets, (bucket, seconds) => {
      more(all.load, pod, bucket, rate * seconds)
      more(all.bad, pod, bucket, rate * seconds * broken)
    })
  }
  return all
}

/** Each pod runs a job every five minutes, at an offset of its own; for 20 to 40 s its errors are some fifteenfold. */
const cronAtOffsets = (service: Service): Expected => {
  const { pods, base, buckets, random } = service
  const quiet = base / (1 + (14 * 30) / 300)
  const all = expected(service, (load) => load * quiet, day(service))
  for (let pod = 0; pod < pods; pod++)
    for (let at = 300 * (random.uniform() - 1); at < buckets * interval; at += 300) {
      const from = at + 5 * random.normal()
      const hard = 14 * lognormal(random, 0.5)
      during(from, from + 20 + 20 * random.uniform(), buckets, (bucket, seconds) => {
        more(all.bad, pod, bucket, ((all.load[pod]?.[bucket] ?? 0) / interval) * seconds * quiet * hard)
      })
    }
  return all
}

/**
 * Every pod holds its connections to one of four replicas of a dependency. A replica is redeployed every ten minutes or so:
 * its pods fail for some seconds and reconnect to any; the new one is as good as it is (sd 0.6 of the log rate).
 */
const dependencyDeploys = (service: Service): Expected => {
  const { pods, base, buckets, random } = service
  const all = expected(service, () => 0, day(service))
  const quality = () => 0.8 * base * lognormal(random, 0.6)
  const failing = (pod: number, from: number, to: number, rate: number) =>
    during(from, to, buckets, (bucket, seconds) => {
      more(all.bad, pod, bucket, ((all.load[pod]?.[bucket] ?? 0) / interval) * seconds * rate)
    })
  const replicas = Array.from({ length: 4 }, () => ({ rate: quality(), next: exponential(random, 600) }))
  const any = () => below(random, replicas.length)
  const connected = Array.from({ length: pods }, () => ({ replica: any(), since: 0 }))
  const end = buckets * interval
  for (;;) {
    const next = Math.min(...replicas.map((replica) => replica.next))
    for (const [pod, { replica, since }] of connected.entries()) {
      const rate = replicas[replica]?.rate ?? 0
      if (next >= end) failing(pod, since, end, rate)
      else if (replicas[replica]?.next === next) {
        failing(pod, since, next, rate)
        failing(pod, next, next + 2 + exponential(random, 4), 20 * base)
        connected[pod] = { replica: any(), since: next }
      }
    }
    if (next >= end) return all
    for (const replica of replicas)
      if (replica.next === next) {
        replica.rate = quality()
        replica.next = next + 60 + exponential(random, 540)
      }
  }
}

/**
 * Full garbage collections, whenever the heap is full (every 270 s or so, sooner with more traffic), in which requests time
 * out: four fifths of all errors. Sessions make the traffic of pods uneven.
 */
const collectionStalls = (service: Service): Expected => {
  const { pods, rps, base, random } = service
  const all = expected(service, () => 0, day(service))
  const usual = (rps * interval) / pods
  for (const [pod, load] of all.load.entries()) {
    const sessions = lognormal(random, 0.25)
    let heap = random.uniform()
    let full = 1
    for (const [at, before] of load.entries()) {
      const now = before * sessions
      load[at] = now
      more(all.bad, pod, at, 0.2 * base * now)
      heap += ((now / usual) * interval) / 270
      if (heap < full) continue
      more(all.bad, pod, at, ((0.8 * base * rps) / pods) * 270 * lognormal(random, 0.4))
      heap = 0
      full = Math.max(0.5, 1 + 0.2 * random.normal())
    }
  }
  return all
}

/** Pods lie in three zones by chance. One zone after another has trouble for one to three minutes: ten times the errors. */
const zoneTrouble = (service: Service): Expected => {
  const { pods, base, buckets, random } = service
  const quiet = base / (1 + (9 * 120) / (540 + 120))
  const all = expected(service, (load) => load * quiet)
  const zones = Array.from({ length: pods }, () => below(random, 3))
  for (let zone = 0; zone < 3; zone++)
    for (let at = exponential(random, 540); at < buckets * interval; at += exponential(random, 540)) {
      const to = at + 60 + 120 * random.uniform()
      for (const [pod, own] of zones.entries())
        during(at, to, own === zone ? buckets : 0, (bucket, seconds) => {
          more(all.bad, pod, bucket, ((all.load[pod]?.[bucket] ?? 0) / interval) * seconds * 9 * quiet)
        })
      at = to
    }
  return all
}

/** Noises that were invented after the judge was finished. All pods follow one law; nothing changes with the version. */
export const inventedFamilies = {
  'sticky bots': stickyBots,
  'cron at offsets': cronAtOffsets,
  'dependency deploys': dependencyDeploys,
  'collection stalls': collectionStalls,
  'zone trouble': zoneTrouble,
}
export type InventedFamily = keyof typeof inventedFamilies

/**
 * One trace of a family: thirty minutes of history and ten of a canary, which is a random choice of the pods. `increase` is
 * added to the canary's error rate.
 */
export function inventedTrace(
  family: InventedFamily,
  cell: InventedCell,
  run: number,
  { seed = 1, increase = 0 }: { seed?: number; increase?: number } = {},
): Trace {
  const { canaries, pods, rps, base } = cell
  const name = `${family}, ${canaries} of ${pods} pods, ${rps} rps, ${100 * base} %`
  const random = randomFrom(seedOf(seed, name, run))
  const buckets = history + looks
  const { load, bad } = inventedFamilies[family]({ ...cell, buckets, random })
  const counted = load.map((row, pod): TracedPod => {
    const requests = row.map((mean) => random.poisson(mean))
    const errors = requests.map((most, at) => Math.min(most, random.poisson(bad[pod]?.[at] ?? 0)))
    return { pod: `pod-${pod}`, requests, errors }
  })
  const shuffled = counted
    .map((pod) => ({ pod, order: random.uniform() }))
    .sort((a, b) => a.order - b.order)
    .map(({ pod }) => pod)
  const part = ({ pod, requests, errors }: TracedPod, from: number, to?: number): TracedPod => ({
    pod,
    requests: requests.slice(from, to),
    errors: errors.slice(from, to),
  })
  const canary = shuffled.slice(0, canaries).map((pod) => part(pod, history))
  for (const { requests, errors } of increase > 0 ? canary : [])
    for (const [at, most] of requests.entries())
      errors[at] = Math.min(most ?? 0, (errors[at] ?? 0) + random.poisson((most ?? 0) * increase))
  const stable = shuffled.slice(canaries)
  return {
    name: `${name}#${run}`,
    interval,
    margin: 0.001,
    weight: (100 * canaries) / pods,
    arms: { canary, stable: stable.map((pod) => part(pod, history)) },
    history: stable.map((pod) => part(pod, 0, history)),
  }
}
