import type { RecordEvent, ReleaseState } from './event.ts'
import { phasesOf, secondsBetween } from './phase.ts'
import type { Ending, Release, SignoffRecord, StepRecord } from './release.ts'
import { next } from './transition.ts'

const endings: readonly (ReleaseState | null)[] = [
  'planning-failed',
  'rejected',
  'deployed',
  'completed',
  'deployment-failed',
  'rolled-back',
  'rollback-failed',
  'execution-failed',
]

/** Notes of the calendar: they tell nothing new of the release itself. */
const aside = new Set<string>(['dispatched', 'looked'])

/** A release from its events. The same events always give the same release; a key that stands twice counts once. */
export const fold = (events: readonly RecordEvent[]): Release => {
  const release = start()
  const seen = new Set<string>()
  const counted: RecordEvent[] = []
  for (const event of events) {
    if (seen.has(event.key)) continue
    seen.add(event.key)
    counted.push(event)
    take(release, event)
  }
  release.phases = phasesOf(counted)
  release.ending = ending(release.state, counted)
  return release
}

const start = (): Release => ({
  service: '',
  release: '',
  state: null,
  digest: null,
  revision: 0,
  signoffs: [],
  phases: [],
  steps: [],
  token: null,
  deployment: null,
  published: false,
  ending: null,
  lastKind: null,
  lastAt: null,
})

const take = (release: Release, event: RecordEvent): void => {
  const { kind, data, digest } = event
  const after = next(release.state, kind, data['decision'])
  if (after === undefined) return
  release.service = event.service
  release.release = event.release
  if (!aside.has(kind)) {
    release.lastKind = kind
    release.lastAt = event.at
  }
  release.state = after
  if (kind === 'planned' && after === 'planning') {
    release.digest = digest
    release.revision += 1
  }
  if (kind === 'signed-off') release.signoffs.push(signoffOf(event))
  if (kind === 'started') {
    release.token = event.token
    release.deployment = number(data['deployment'])
  }
  if (kind === 'stepped') release.steps.push(stepOf(event))
  if (kind === 'verdict') judge(release.steps, event)
  if (kind === 'published') release.published = true
}

const signoffOf = ({ data, digest, run, at, seq }: RecordEvent): SignoffRecord => ({
  role: text(data['role']) ?? '',
  environment: text(data['environment']) ?? '',
  by: text(data['by']) ?? '',
  comment: text(data['comment']) ?? '',
  digest: digest ?? '',
  run: run?.id ?? 0,
  attempt: run?.attempt ?? 0,
  at,
  seq,
})

const stepOf = ({ data, at }: RecordEvent): StepRecord => ({
  step: number(data['step']) ?? 0,
  weight: number(data['weight']) ?? 0,
  at,
  verdict: text(data['verdict']),
  reason: text(data['reason']),
  seconds: number(data['seconds']),
})

/** A verdict belongs to the last visit of its weight. */
const judge = (steps: StepRecord[], { data }: RecordEvent): void => {
  const weight = number(data['weight'])
  const visit = steps.findLast((step) => weight === null || step.weight === weight)
  if (!visit) return
  visit.verdict = text(data['verdict'])
  visit.reason = text(data['reason'])
  visit.seconds = number(data['seconds']) ?? visit.seconds
}

const ending = (state: ReleaseState | null, events: readonly RecordEvent[]): Ending | null => {
  const first = events[0]
  if (state === null || !first || !endings.includes(state)) return null
  const last = events.findLast(({ kind }) => kind === state) ?? first
  const failure = events.findLast(({ kind }) => failures.has(kind))
  const back = events.findLast(({ kind }) => kind === 'rolled-back' || kind === 'rollback-failed')
  const measured = events.findLast(({ data }) => data['metrics'] !== undefined)
  return {
    state,
    at: last.at,
    seconds: secondsBetween(first.at, last.at),
    error: succeeded.has(state) || !failure ? null : why(failure),
    rollback: back
      ? {
          recovered: back.kind === 'rolled-back',
          seconds: number(back.data['seconds']),
          error: back.kind === 'rollback-failed' ? why(back) : null,
        }
      : null,
    metrics: measured?.data['metrics'] ?? null,
  }
}

const failures = new Set<string>(['planning-failed', 'rejected', 'deployment-failed', 'execution-failed'])
const succeeded = new Set<string>(['deployed', 'completed'])

const why = ({ kind, data }: RecordEvent): string => text(data['error']) ?? text(data['reason']) ?? kind

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null)
