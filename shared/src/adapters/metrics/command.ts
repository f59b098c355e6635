import { ConfigurationError } from '../../config/configuration-error.ts'
import type { MetricCheck } from '../../config/metrics-policy.ts'
import type { CommandPolicy } from '../../config/metrics-providers.ts'
import type { Look, MetricsProvider } from '../../ports/metrics.ts'
import type { RunProcess } from '../../ports/process.ts'
import { cut } from '../../text/visible.ts'
import { isPlainVariable } from '../process/child-environment.ts'
import { downUnless } from './down-unless.ts'
import { mergeTold } from './merge-told.ts'
import { readTold, type Told } from './told-observations.ts'
import { notDue, type Rhythm } from './told-rhythm.ts'
import { addSpan, type WeightSpans, weightOf } from './weight-spans.ts'

export type CommandMetrics = {
  policy: CommandPolicy
  checks: readonly MetricCheck[]
  version: string
  previous: string | null
  cwd: string
  env: Record<string, string | undefined>
}

/** As much as a program may print; runProcess keeps no more. */
const outputLimit = 1_000_000
/** Seconds for which a check that is not told is asked again; what takes longer is not told during a rollout. */
const longestWait = 3600

/**
 * Any program as a provider: it prints observations (docs/schemas/observation.json), as JSON lines or one array, for
 * (RELMAN_FROM, RELMAN_TO] in Unix seconds. Where it knew less than it was asked for, the next look asks from there on, of
 * each check: where some are told up to another moment than others, it runs once for each of these moments. It is handed no
 * variable of the job but plain ones and those that `secrets` names.
 *
 * @throws ConfigurationError when a named variable is not set
 */
export const openCommandMetrics = (settings: CommandMetrics, run: RunProcess): MetricsProvider => {
  const { policy, checks, version, previous, cwd, env } = settings
  const [program = ''] = policy.run
  for (const name of policy.secrets) {
    if (!env[name])
      throw new ConfigurationError(
        `metrics.command.secrets: the environment variable ${name} is not set in this job; pass the secret to this step`,
      )
  }
  const ask = async (from: number, to: number, step: number, weight: number, signal?: AbortSignal) => {
    const { code, stdout, stderr } = await run(policy.run, {
      env: {
        RELMAN_FROM: seconds(from),
        RELMAN_TO: seconds(to),
        RELMAN_STEP: seconds(step),
        RELMAN_VERSION: version,
        RELMAN_PREVIOUS: previous ?? '',
        RELMAN_WEIGHT: String(weight),
      },
      inherits: (name) => isPlainVariable(name) || policy.secrets.includes(name),
      cwd,
      timeoutSeconds: policy.timeout,
      ...(signal ? { signal } : {}),
    })
    if (code !== 0) {
      const said = lastLine(
        stderr,
        policy.secrets.map((name) => env[name]),
      )
      throw new Error(`${program} ended with status ${code}${said ? `: ${said}` : ''}`)
    }
    if (stdout.length >= outputLimit)
      throw new Error(`${program} printed more than ${outputLimit} characters; let it sum up`)
    const { told, notes } = readTold(stdout, checks, 1, program)
    const inside = told.filter((one) => one.from >= from - 0.001 && one.to <= to + 0.001)
    if (inside.length < told.length) notes.push('what lies outside RELMAN_FROM to RELMAN_TO is left out')
    if (stdout.trim() === '') notes.push('nothing was printed')
    return { inside, notes: notes.map((note) => `${program}: ${note}`) }
  }
  const spans: WeightSpans = []
  const rhythm: Rhythm = new Map()
  const ends = new Map<string, number>()
  const observe = async (from: number, to: number, weight: number, signal?: AbortSignal): Promise<Look> => {
    if (!(to > from))
      return { observations: [], down: null, notes: ['the clock did not move on between two looks'] }
    const starts = new Map<number, Set<string>>()
    for (const { name } of checks) {
      const start = Math.min(from, Math.max(ends.get(name) ?? from, to - longestWait))
      starts.set(start, (starts.get(start) ?? new Set()).add(name))
    }
    const inside: Told[] = []
    const notes = new Set<string>()
    for (const [start, names] of starts) {
      const answer = await ask(start, to, to - from, weight, signal)
      for (const one of answer.inside) if (names.has(one.metric)) inside.push(one)
      for (const note of answer.notes) notes.add(note)
    }
    addSpan(spans, from, to, weight)
    const { observations, notes: twice } = mergeTold(
      inside.map((one) => ({ ...one, weight: one.weight ?? weightOf(spans, one.from, one.to) ?? weight })),
      program,
    )
    for (const [start, names] of starts) for (const name of names) ends.set(name, start)
    for (const { metric, to: told } of inside) ends.set(metric, Math.max(told, ends.get(metric) ?? told))
    return { observations, down: null, notes: [...notes, ...twice], waiting: notDue(rhythm, inside, to) }
  }
  return {
    observe: (...parameters) => observe(...parameters).catch(downUnless(parameters[3])),
    range: (from, to, step, weight, signal) =>
      ask(from, to, step, weight, signal)
        .then(({ inside, notes }): Look => {
          const merged = mergeTold(
            inside.map((one) => ({ ...one, weight: one.weight ?? weight })),
            program,
          )
          return { observations: merged.observations, down: null, notes: [...notes, ...merged.notes] }
        })
        .catch(downUnless(signal)),
  }
}

const seconds = (value: number): string => String(Number(value.toFixed(3)))

/** What a program said last, safe to show: on one line, without the secrets it was given. */
const lastLine = (stderr: string, secrets: readonly (string | undefined)[]): string =>
  cut(
    secrets.reduce<string>(
      (text, secret) => (secret ? text.replaceAll(secret, '***') : text),
      stderr.trim().split('\n').at(-1) ?? '',
    ),
    200,
  )
