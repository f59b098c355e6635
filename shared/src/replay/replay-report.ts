import { markdownTable } from 'markdown-table'
import { z } from 'zod'
import { inline } from '../text/escape-markdown.ts'
import { verdictValues } from '../verdict/verdict.ts'

/** How a release or a time without one was compared. */
export const comparisons = ['side by side', 'before and after'] as const

const said = z.object({
  comparison: z.enum(comparisons),
  verdict: z.enum(verdictValues),
  reason: z.string(),
  metric: z.string().nullable(),
  seconds: z.number().nullable().describe('after the new version was first seen; null when undecided'),
  words: z.string(),
})

/** What criteria would have said of past releases, and how often they would have cried wolf between them. */
export const replayReport = z.object({
  schema: z.literal(1),
  since: z.number().describe('unix seconds asked for'),
  until: z.number(),
  knownFrom: z.number().nullable().describe('unix seconds of the oldest data; null when there is none'),
  releases: z.array(
    said.extend({ tag: z.string(), version: z.string(), at: z.number().describe('unix seconds') }),
  ),
  between: z.array(said.extend({ at: z.number() })),
  wolf: z.array(
    z.object({
      comparison: z.enum(comparisons),
      cried: z.number().int(),
      among: z.number().int().describe('times without a release that could be judged'),
      atMost: z.number().describe('upper 95 % bound of the rate'),
    }),
  ),
  notes: z.array(z.string()),
})

export type ReplayReport = z.output<typeof replayReport>
export type Comparison = (typeof comparisons)[number]

const day = (at: number): string => new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ')
const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`

/** The report for people: a table of the releases, the cries of wolf, and what was missing. */
export const showReplay = (report: ReplayReport): string => {
  const { releases, wolf, notes, since, until, knownFrom } = report
  const days = (from: number) => Number(((until - from) / 86_400).toFixed(1))
  const rows = releases.map((one) => [
    inline(one.tag),
    day(one.at),
    one.comparison,
    one.verdict === 'unhealthy' ? 'return' : one.verdict === 'healthy' ? 'go on' : 'not proven',
    one.seconds === null ? '–' : `${Number((one.seconds / 60).toFixed(1))} min`,
    inline(one.metric ? `${one.metric}: ${one.reason}` : one.reason),
  ])
  const table =
    rows.length > 0
      ? markdownTable([['release', 'when (UTC)', 'compared', 'says', 'after', 'why'], ...rows])
      : knownFrom === null
        ? 'No release could be judged: look whether the checks name series that exist, and whether --since reaches back to them.'
        : 'No tag of this repository names a release in that time.'
  const cries = wolf.map(({ comparison, cried, among, atMost }) =>
    among === 0
      ? `Between releases, ${comparison}: no time could be judged, so nothing is known of false alarms.`
      : `Between releases, ${comparison}: cried wolf in ${cried} of ${among} times without a release (at most ${percent(atMost)}, 95 %).`,
  )
  const known =
    knownFrom === null
      ? 'The provider knows nothing of the checks in that time.'
      : knownFrom > since + 0.02 * (until - since)
        ? `The provider keeps only ${days(knownFrom)} of the ${days(since)} days asked for; what lies before ${day(knownFrom)} could not be judged.`
        : `${days(since)} days.`
  const weaker = releases.some(({ comparison }) => comparison === 'before and after')
    ? [
        'Before and after is the weaker comparison: an outage or another hour of the day looks like a bad release, and nothing is proven by it.',
      ]
    : []
  return [known, table, ...cries, ...weaker, ...notes.map((note) => `Note: ${inline(note)}`)].join('\n\n')
}
