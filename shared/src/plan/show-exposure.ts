import { coldSteps, widerSteps } from '../config/step-faults.ts'
import { comparisonWords } from '../rollout/comparison-words.ts'
import { restsOnProbes } from '../rollout/from-probes.ts'
import { ladder } from '../rollout/ladder.ts'
import { bar, inline } from '../text/escape-markdown.ts'
import { showSeconds } from '../text/show-seconds.ts'
import type { Plan } from './plan.ts'
import type { BakedStep, BakeTraffic, PlannedBake } from './planned-bake.ts'

/** How exposure grows, how long each step bakes, and whether that is long enough to prove anything. */
export const showExposure = ({ policy, bake, learnt, previous }: Plan): string => {
  const rests = restsOnProbes(policy.metrics)
  const planned = rests ? bake?.probes[0] : bake?.known ? bake.cases[0] : undefined
  const table = ladder(policy.rollout).map((rung) => {
    const compared = rung.margin !== null && !rung.last
    const step = planned?.steps.find(({ weight }) => weight === rung.weight)
    const cells = [
      `${rung.weight} %`,
      bar(rung.weight),
      compared ? `${showSeconds(rung.min)} to ${showSeconds(rung.max)}` : 'until it is confirmed',
      compared ? `${step?.margin ?? rung.margin} pp` : 'every step before it is proven',
      ...(planned ? [step ? needs(step) : ''] : []),
    ]
    return `| ${cells.join(' | ')} |`
  })
  const head = [
    'traffic',
    '',
    'bake',
    'worse than stable by less than',
    ...(planned ? [rests ? 'to prove that with probes' : 'to prove that'] : []),
  ]
  const lines = [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...table]
  const idle = policy.traffic ? [] : ['Nothing moves traffic here; with a driver (traffic) it would be:']
  // Baselines that are weaker than side by side, and what past rollouts taught: whoever agrees must know.
  const said = comparisonWords(policy.metrics, learnt, previous?.version ?? null)
  const compared = said.length > 0 ? [said.map((line) => `- ${inline(line, 600)}`).join('\n')] : []
  const wider = [...widerSteps(policy.rollout), ...coldSteps(policy.rollout)].map(
    (words) => `⚠ ${inline(words, 400)}.`,
  )
  const parts = [...idle, lines.join('\n'), ...wider, ...compared, ...(bake ? [about(bake)] : [])]
  return ['## How it is exposed', ...parts].join('\n\n')
}

/** Nine of ten such steps have proven it by then. */
const needs = ({ half, most, warning }: BakedStep): string => {
  const time =
    most !== null ? showSeconds(most) : half !== null ? `${showSeconds(half)}, every second time` : '–'
  return warning ? `⚠ ${time}` : time
}

const about = (bake: PlannedBake): string => {
  const notes = bake.notes.map((note) => `- ${inline(note, 700)}`)
  const warnings = [...(bake.known ? bake.cases : []), ...bake.probes].flatMap(({ name, steps }) =>
    steps.flatMap(({ weight, warning }) =>
      warning === null ? [] : [`- ⚠ ${inline(name)} at ${weight} %: ${inline(warning, 400)}`],
    ),
  )
  const sources = [...(bake.known ? bake.cases : []), ...bake.probes].map(
    ({ name, traffic }) => `${inline(name)}: ${showTraffic(traffic)}`,
  )
  if (!bake.known) {
    const told = bake.probes.length > 0 ? `With probes: ${sources.join('; ')}.` : ''
    const parts = [unknown(bake), told, [...warnings, ...notes].join('\n')]
    return parts.filter((part) => part !== '').join('\n\n')
  }
  const help = [...bake.cases, ...bake.probes].some(({ steps }) =>
    steps.some(({ warning }) => warning !== null),
  )
    ? [`- ${whatHelps(bake)}`]
    : []
  const told = `Planned bake, nine of ten steps proven when nothing has changed, at ${sources.join('; ')}.`
  return [told, [...warnings, ...help, ...notes].join('\n')].filter((part) => part !== '').join('\n\n')
}

/** What makes the smallest margin smaller; where instances differ by more than it, no waiting does. */
const whatHelps = ({ cases, probes }: PlannedBake): string => {
  const steps = [...cases, ...probes].flatMap((one) => one.steps.filter(({ warning }) => warning !== null))
  const patient = steps.some(({ half }) => half !== null)
  const traffic =
    'a longer patience (max), a larger weight, a wider margin, or probes as extra traffic (metrics.probes)'
  const instances = 'more instances of the new version or a wider margin, and no waiting'
  const hopeless = steps.some(({ half }) => half === null)
  if (!hopeless) return `What helps: ${traffic}`
  return `What helps${patient ? `: ${traffic}; where it cannot be proven however long it bakes` : ''}: ${instances}`
}

const showTraffic = ({ rate, errors, instances, source, each }: BakeTraffic): string =>
  each
    ? `${rate} probes a second to each version, ${errors} % bad assumed (${inline(source)})`
    : `${rate} requests a second, ${errors} % bad, ${instances} ${instances === 1 ? 'instance' : 'instances'} (${inline(source)})`

/** The traffic is unknown: what it would have to be. */
const unknown = ({ cases }: PlannedBake): string => {
  const [first] = cases
  if (!first) return ''
  const rows = first.steps.map(
    ({ weight, margin }, index) =>
      `| ${weight} %, ${margin} pp | ${cases
        .map(({ steps }) => {
          const step = steps[index]
          return step ? needs(step) : ''
        })
        .join(' | ')} |`,
  )
  const { errors, instances } = first.traffic
  return `The traffic is unknown (set rollout.assume.rate, or let the plan reach Prometheus). How long a step must bake, at ${errors} % bad requests and ${instances} instances; ⚠ is longer than its patience:

| step, margin | ${cases.map(({ traffic }) => `${traffic.rate} requests a second`).join(' | ')} |
|---|${'---|'.repeat(cases.length)}
${rows.join('\n')}`
}
