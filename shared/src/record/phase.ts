import type { RecordEvent } from './event.ts'

export const phaseNames = [
  'planning',
  'development',
  'testing',
  'preparation',
  'pre-release',
  'deployment',
  'post-release',
] as const
export type PhaseName = (typeof phaseNames)[number]

/** A phase of a release; `failure` names the item that stopped it. Times are ISO 8601, durations seconds. */
export type Phase = {
  name: PhaseName
  startedAt: string
  endedAt: string | null
  seconds: number | null
  failure: string | null
  activities: string[]
}

type Mark = { name: PhaseName; ends: boolean; failed: boolean }

/**
 * Phases as far as events tell them: planning until the scope is agreed, development from the cut of the branch on, testing while it is
 * promoted to an environment, pre-release until people agreed, deployment
 * until it is live or undone, post-release until completion.
 */
export const phasesOf = (events: readonly RecordEvent[]): Phase[] => {
  const phases: Phase[] = []
  for (const event of events) {
    const mark = markOf(event)
    if (!mark) continue
    let phase = phases.at(-1)
    // A review comes long after its release ended, and belongs to what came before it.
    if (event.kind === 'reviewed' && phase?.name === mark.name) phase.endedAt = null
    if (phase?.name !== mark.name || phase.endedAt !== null) {
      if (phase && phase.endedAt === null) close(phase, event.at)
      phase = {
        name: mark.name,
        startedAt: event.at,
        endedAt: null,
        seconds: null,
        failure: null,
        activities: [],
      }
      phases.push(phase)
    }
    phase.activities.push(activity(event))
    if (mark.ends) close(phase, event.at)
    if (mark.failed) phase.failure = failureOf(event)
    if (event.kind === 'deployed') phases.push({ ...opened('post-release', event.at) })
  }
  return phases
}

const markOf = ({ kind, data }: RecordEvent): Mark | null => {
  const at = (name: PhaseName, ends = false, failed = false): Mark => ({ name, ends, failed })
  if (kind === 'planned') return at('planning')
  if (kind === 'planning-failed') return at('planning', true, true)
  if (kind === 'branched') return at('development')
  if (kind === 'promoting' || kind === 'promoted') return at('testing', kind === 'promoted')
  if (kind === 'promotion-failed') return at('testing', true, true)
  if (kind === 'gated') {
    const went = data['decision'] === 'go'
    if (data['stage'] === 'scope') return at('planning', went, !went)
    return at('pre-release', false, !went)
  }
  if (kind === 'signed-off') return at('pre-release')
  if (kind === 'approved' || kind === 'rejected') return at('pre-release', true, kind === 'rejected')
  if (kind === 'started' || kind === 'stepped' || kind === 'verdict') return at('deployment')
  if (kind === 'deployed' || kind === 'rolled-back') return at('deployment', true)
  if (kind === 'deployment-failed') return at('deployment', false, true)
  if (kind === 'rollback-failed' || kind === 'execution-failed') return at('deployment', true, true)
  if (kind === 'published') return at('post-release')
  return kind === 'completed' || kind === 'reviewed' ? at('post-release', true) : null
}

const opened = (name: PhaseName, at: string): Phase => ({
  name,
  startedAt: at,
  endedAt: null,
  seconds: null,
  failure: null,
  activities: [],
})

const close = (phase: Phase, at: string): void => {
  phase.endedAt = at
  phase.seconds = secondsBetween(phase.startedAt, at)
}

/** Clocks of machines differ; a duration is never negative. */
export const secondsBetween = (from: string, to: string): number =>
  Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000)

const activity = ({ kind, data }: RecordEvent): string => {
  const about = kind.startsWith('promot') ? data['environment'] : undefined
  const detail = about ?? data['stage'] ?? data['role'] ?? data['weight'] ?? data['branch']
  return typeof detail === 'string' || typeof detail === 'number' ? `${kind} ${detail}` : kind
}

const failureOf = ({ kind, data }: RecordEvent): string => {
  const why = data['error'] ?? data['reason'] ?? data['reasonCode']
  return typeof why === 'string' && why !== '' ? why : kind
}
