import type { Plan } from '@relman/core/plan/plan'
import { measureObjectives, type Seen } from '@relman/core/purpose/measure-objective'
import type { RecordEvent } from '@relman/core/record/event'
import { fold } from '@relman/core/record/fold'
import type { Measured } from '@relman/core/review/draw-review'
import { measureCriteria, reviewedCriteria } from '@relman/core/review/measure-criteria'
import { observedBy } from '@relman/core/verdict/criterion'
import type { Ports } from './ports.ts'

/** Seconds: further back most providers have nothing any more, and older traffic says little of now. */
const longest = 14 * 86_400

/**
 * What a live release did since it is live, and the previous version for as long before its rollout, as far as the provider
 * reaches. Of a version that was taken back nothing is measured.
 */
export const measureRelease = async (
  plan: Plan,
  events: readonly RecordEvent[],
  ports: Pick<Ports, 'clock' | 'readSince' | 'store'>,
): Promise<Measured> => {
  const nothing: Measured = { span: null, objectives: [], criteria: [], notes: [] }
  const live = events.findLast(({ kind }) => kind === 'deployed')?.at
  if (fold(events).state !== 'completed' || live === undefined) return nothing
  const checks = plan.policy.metrics?.checks ?? []
  const { objectives } = plan.policy.purpose
  const wanted = new Set([
    ...objectives.flatMap(({ metric }) => metric ?? []),
    ...reviewedCriteria(plan).map(observedBy),
  ])
  const names = checks.map(({ name }) => name).filter((name) => wanted.has(name))
  const now = ports.clock.now() / 1000
  const from = Math.max(Date.parse(live) / 1000, now - longest)
  const seen = await look(ports, plan, names, [from, now])
  const started = events.findLast(({ kind }) => kind === 'started')?.at
  const until = Date.parse(started ?? live) / 1000
  const before =
    plan.previous === null
      ? none('there is no version before', [until, until])
      : await look(ports, { ...plan, version: plan.previous.version, previous: null }, names, [
          until - (now - from),
          until,
        ])
  return {
    span: { from: iso(from), to: iso(now) },
    objectives: measureObjectives(objectives, checks, seen),
    criteria: measureCriteria(plan, events, seen, before),
    notes: await overtaken(plan, ports),
  }
}

type Span = readonly [from: number, to: number]

const none = (missing: string, [from, to]: Span): Seen => ({ observations: [], missing, from, to })

const look = async (
  ports: Pick<Ports, 'readSince'>,
  plan: Plan,
  names: readonly string[],
  [from, to]: Span,
): Promise<Seen> =>
  names.length === 0 ? none('nothing measures it', [from, to]) : ports.readSince(plan, names, from, to)

const overtaken = async ({ service, version }: Plan, { store }: Pick<Ports, 'store'>): Promise<string[]> => {
  const { live } = await store.service(service)
  return live && live.version !== version
    ? [
        `no traffic of now: ${live.version} is live since ${live.at.slice(0, 16).replace('T', ' ')} UTC, and what was measured is of the time before`,
      ]
    : []
}

const iso = (seconds: number): string => new Date(Math.round(seconds * 1000)).toISOString()
