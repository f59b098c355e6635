import { parseArgs } from 'node:util'
import { markdownTable } from 'markdown-table'
import { bakeTable } from './bench-verdict-bake.ts'
import { familyTable } from './bench-verdict-family.ts'
import { atLeast, atMost, quantile, seconds } from './bench-verdict-figures.ts'
import { latencyTable, speedTable } from './bench-verdict-latency.ts'
import { type Family, families, LOOK_SECONDS, type Place } from './bench-verdict-noise.ts'
import { probesTable } from './bench-verdict-probes.ts'
import { seedOf } from './bench-verdict-random.ts'
import { type Bake, bake, climb, spreadOfPastReleases } from './bench-verdict-runs.ts'

type Options = { runs: number; seed: number; history: number; families: Family[]; rivals: boolean }

/** Instances per weight: what a service of some twenty instances has. */
const layouts = [
  { weight: 1, canaries: 1, stables: 20 },
  { weight: 5, canaries: 1, stables: 19 },
  { weight: 10, canaries: 2, stables: 18 },
  { weight: 25, canaries: 5, stables: 15 },
] as const
const bases = [0.0005, 0.001, 0.005] as const
const loads = [200, 2000] as const

const cells = (family: Family, base: number): Place[] =>
  loads.flatMap((rps) =>
    layouts
      // One of at least three can be told from the others.
      .filter(({ canaries }) => family !== 'bad canary instance' || canaries >= 3)
      .map((layout) => ({ rps, base, ...layout })),
  )

/** A noise to judge under, and whether the judge was told how whole arms differed in past releases. */
type Noise = { name: string; family: Family; taught: boolean }

const noises = ({ families: chosen }: Options): Noise[] =>
  chosen.flatMap((family) => {
    const plain = { name: family, family, taught: false }
    const taught = { name: `${family}, spread learnt`, family, taught: true }
    return family === 'drift of the canary arm' ? [plain, taught] : [plain]
  })

/** Learning twenty releases anew for each run would take longer than the runs. */
const TEACHERS = 10

const many = (
  { family, taught }: Noise,
  place: Place,
  increase: number,
  rivals: boolean,
  options: Options,
): Bake[] => {
  const { rps, base, weight } = place
  const spreads = Array.from({ length: taught ? TEACHERS : 0 }, (_, teacher) =>
    spreadOfPastReleases(family, place, seedOf(options.seed, 'past', family, rps, base, weight, teacher)),
  )
  return Array.from({ length: options.runs }, (_, run) => {
    const seed = seedOf(options.seed, family, rps, base, weight, increase, run)
    const spread = spreads[run % TEACHERS]
    const settings = spread === undefined ? {} : { armSpread: spread }
    return bake(family, place, seed, { increase, rivals, history: options.history, settings })
  })
}

const table = (head: string[], rows: string[][]): string =>
  markdownTable([head, ...rows], { align: ['l', ...head.slice(1).map(() => 'r')] })

/** Crossings of the worst cell with its bound, and of all cells together. */
function worst(cellsOf: readonly Bake[][], crossed: (one: Bake) => boolean): string {
  const counts = cellsOf.map((one) => one.filter(crossed).length)
  const runs = cellsOf[0]?.length ?? 0
  const all = counts.reduce((sum, count) => sum + count, 0)
  return `${atMost(Math.max(...counts), runs)}, all ${((100 * all) / (runs * counts.length)).toFixed(2)} %`
}

function falseRollbacks(options: Options): string {
  const rows = noises(options).flatMap((noise) =>
    bases.map((base) => {
      const runs = cells(noise.family, base).map((place) => many(noise, place, 0, options.rivals, options))
      const proven = runs.flat().filter(({ healthy }) => healthy !== null).length / runs.flat().length
      return [
        noise.name,
        `${100 * base} %`,
        worst(runs, ({ unhealthy }) => unhealthy !== null),
        ...(options.rivals
          ? [
              worst(runs, ({ fifth }) => fifth !== null),
              worst(runs, ({ end }) => end !== null),
              worst(runs, ({ minute }) => minute !== null),
            ]
          : ['', '', '']),
        `${(100 * proven).toFixed(0)} %`,
      ]
    }),
  )
  return table(
    [
      'noise',
      'base',
      'relman',
      'fifth failed check',
      'Mann-Whitney at the end',
      'each minute',
      '0.1 pp proven',
    ],
    rows,
  )
}

function falsePromotions(options: Options): string {
  const rows = noises(options).map((noise) => {
    const { family } = noise
    const runs = bases.flatMap((base) =>
      cells(family, base).map((place) => many(noise, place, 0.001, false, options)),
    )
    const ladders = (noise.taught ? [] : loads).map((rps) =>
      Array.from({ length: options.runs }, (_, run) =>
        climb(family, { rps, base: 0.001 }, seedOf(options.seed, 'margin', family, rps, run), {
          increase: 0.001,
          history: options.history,
        }),
      ),
    )
    const promoted = ladders.map((ends) => ends.filter(({ end }) => end === 'promoted').length)
    return [
      noise.name,
      worst(runs, ({ healthy }) => healthy !== null),
      ...promoted.map((count) => atMost(count, options.runs)),
    ]
  })
  return table(['noise', 'one step, worst cell', 'ladder, 200 rps', 'ladder, 2,000 rps'], rows)
}

const caught = (runs: readonly Bake[], of: (one: Bake) => number | null): string => {
  const delays = runs.map((one) => ((of(one) ?? Number.POSITIVE_INFINITY) + 1) * LOOK_SECONDS)
  const found = delays.filter(Number.isFinite).length
  return `${atLeast(found, runs.length)}, ${seconds(quantile(delays, 0.5))}`
}

const powerRow = (noise: Noise, place: Place, increase: number, options: Options): string[] => {
  const runs = many(noise, place, increase, options.rivals, options)
  return [
    noise.name,
    `${place.weight} % of ${place.rps.toLocaleString('en-US')} rps`,
    `+${Number((100 * increase).toPrecision(3))} pp`,
    caught(runs, ({ unhealthy }) => unhealthy),
    caught(runs, ({ fifth }) => fifth),
    caught(runs, ({ end }) => end),
    caught(runs, ({ minute }) => minute),
  ]
}
const powerHead = [
  'noise',
  'traffic',
  'increase',
  'relman',
  'fifth failed check',
  'Mann-Whitney at the end',
  'each minute',
]

const binomialNoise: Noise = { name: 'binomial', family: 'binomial', taught: false }

function detection(options: Options): string {
  const base = 0.001
  const binomial = loads.flatMap((rps) =>
    layouts.flatMap((layout) =>
      [0.002, 0.005, 0.01].map((increase) =>
        powerRow(binomialNoise, { rps, base, ...layout }, increase, options),
      ),
    ),
  )
  return table(powerHead, binomial)
}

function detectionUnderNoise(options: Options): string {
  const places = [
    { rps: 200, base: 0.001, weight: 10, canaries: 2, stables: 18 },
    { rps: 2000, base: 0.001, weight: 10, canaries: 2, stables: 18 },
    { rps: 2000, base: 0.005, weight: 25, canaries: 5, stables: 15 },
  ]
  const rows = noises(options).flatMap((noise) =>
    places
      .filter(({ canaries }) => noise.family !== 'bad canary instance' || canaries >= 3)
      .map((place) => {
        const [name = '', traffic = '', ...rest] = powerRow(noise, place, 0.005, options)
        return [name, `${traffic}, base ${100 * place.base} %`, ...rest]
      }),
  )
  return table(powerHead, rows)
}

function ladders(options: Options): string {
  const rows = [5, 20, 50, 200, 2000].flatMap((rps) =>
    [0, 0.001, 0.005, 0.01].map((increase) => {
      const ends = Array.from({ length: options.runs }, (_, run) =>
        climb('binomial', { rps, base: 0.001 }, seedOf(options.seed, 'ladder', rps, increase, run), {
          increase,
          history: options.history,
        }),
      )
      const count = (wanted: string) => ends.filter(({ end }) => end === wanted).length
      const middle = (wanted: string) => {
        const times = ends.filter(({ end }) => end === wanted).map((one) => one.seconds / 60)
        return times.length > 0 ? `, ${quantile(times, 0.5).toFixed(1)} min` : ''
      }
      return [
        rps.toLocaleString('en-US'),
        increase === 0 ? 'none' : `+${100 * increase} pp`,
        `${atLeast(count('promoted'), ends.length)}${middle('promoted')}`,
        `${((100 * count('rolled back')) / ends.length).toFixed(1)} %${middle('rolled back')}`,
        `${((100 * count('inconclusive')) / ends.length).toFixed(1)} %`,
      ]
    }),
  )
  return table(['rps', 'change', 'promoted, median', 'rolled back, median', 'inconclusive'], rows)
}

const parts: Record<string, { title: string; table: (options: Options) => string }> = {
  null: {
    title: 'Rolled back although nothing changed: 40 looks of 15 s, margin 0.1 pp',
    table: falseRollbacks,
  },
  margin: { title: 'Promoted although worse by exactly the margin', table: falsePromotions },
  power: { title: 'Caught in 10 minutes, base error 0.1 %', table: detection },
  noise: { title: 'Caught in 10 minutes, +0.5 pp, under noise', table: detectionUnderNoise },
  ladder: {
    title: 'A ladder of 1-5-10-25-50 %, margins 1/.5/.2/.1/.1 pp, 2 to 10 minutes a step',
    table: ladders,
  },
  bake: { title: 'How long a step must bake: planned and simulated', table: bakeTable },
  probes: { title: 'How long nine of ten steps must bake, by users and by probes', table: probesTable },
  latency: { title: 'p99 twice as long', table: latencyTable },
  speed: { title: 'Time of one look', table: speedTable },
}

const usage = `npm run bench -- verdict [--runs N] [--seed N] [--history LOOKS] [--part ${Object.keys(parts).join('|')}] [--noise NAME]... [--alone], or --family FILE.jsonl`

/** Measures the judge on simulated services and prints tables; asserts nothing. */
export async function benchVerdict(words: string[]): Promise<void> {
  const { values } = parseArgs({
    args: words,
    options: {
      runs: { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
      history: { type: 'string', default: '120' },
      part: { type: 'string', multiple: true },
      noise: { type: 'string', multiple: true },
      alone: { type: 'boolean', default: false },
      family: { type: 'string' },
    },
  })
  if (values.family !== undefined) {
    console.log(await familyTable(values.family))
    return
  }
  const whole = (text: string, what: string): number => {
    if (!/^\d{1,9}$/.test(text)) throw new Error(`--${what} must be a whole number, not ${text}\n${usage}`)
    return Number(text)
  }
  const all = Object.keys(families) as Family[]
  const chosen = values.noise ? all.filter((family) => values.noise?.includes(family)) : all
  const wanted = values.part ?? Object.keys(parts)
  const wrong = wanted.find((part) => !(part in parts))
  if (wrong !== undefined || chosen.length === 0) throw new Error(usage)
  const options: Options = {
    runs: Math.max(1, whole(values.runs, 'runs')),
    seed: whole(values.seed, 'seed'),
    history: whole(values.history, 'history'),
    families: chosen,
    rivals: !values.alone,
  }
  console.log(
    `Node ${process.version}, ${options.runs} runs a cell, seed ${options.seed}, ${options.history} looks of history; bounds: one-sided 95 %, Clopper-Pearson`,
  )
  for (const name of wanted) {
    const part = parts[name]
    if (part) console.log(`\n## ${part.title}\n\n${part.table(options)}`)
  }
}
