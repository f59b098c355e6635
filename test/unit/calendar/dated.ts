import { sha256 } from '@relman/core/adapters/hash/sha256'
import { type Dated, waiting } from '@relman/core/calendar/act'
import { drawPlan } from '@relman/core/plan/draw-plan'
import type { Plan } from '@relman/core/plan/plan'
import { sealEvents } from '@relman/core/record/chain'
import type { EventDraft, RecordEvent, ReleaseState } from '@relman/core/record/event'
import { drawTimeline } from '@relman/core/schedule/timeline'
import { facts } from '../plan/facts.ts'

export const digest = 'd'.repeat(64)
export const window = { start: '2026-12-15T08:00:00Z', end: '2026-12-15T10:00:00Z' }

type Wanted = {
  type?: Plan['type']
  version?: string
  window?: { start: string; end: string }
  zone?: string
  policy?: Record<string, unknown>
  plan?: Partial<Plan>
  state?: ReleaseState
  /** When it was planned. */
  at?: string
}

export type Draft = Pick<EventDraft, 'kind' | 'key' | 'data'>

export const sealed = (
  drafts: readonly Draft[],
  at: string,
  before: readonly RecordEvent[] = [],
  release = '1.3.0',
): RecordEvent[] => [
  ...before,
  ...sealEvents(
    before,
    drafts.map((draft) => ({ ...draft, actor: 'ada', run: null, digest, token: null })),
    { service: 'shop', release, now: at, sha256 },
  ),
]

const draft = (kind: EventDraft['kind'], data: EventDraft['data'] = {}): Draft => ({ kind, key: kind, data })

const way: Partial<Record<ReleaseState, EventDraft['kind'][]>> = {
  approved: ['approved'],
  rejected: ['rejected'],
  executing: ['approved', 'started'],
  deployed: ['approved', 'started', 'deployed'],
  completed: ['approved', 'started', 'deployed', 'completed'],
  'deployment-failed': ['approved', 'started', 'deployment-failed'],
}

/** A minor release whose window is on 15 December 2026, frozen and waiting unless the test says otherwise. */
export const dated = (wanted: Wanted = {}, more: readonly Draft[] = []): Dated => {
  const {
    type = 'minor',
    version = '1.3.0',
    zone = 'UTC',
    state = 'planning',
    at = '2026-12-01T00:00:00Z',
  } = wanted
  const span = wanted.window ?? window
  const given = facts({ type, version }, { schedule: { zone }, ...wanted.policy })
  const timeline = drawTimeline({ type, window: span, now: at, policy: given.policy.schedule })
  const drawn = drawPlan({ ...given, state: 'frozen' } as typeof given)
  const schedule = {
    ...{ zone, type, governance: '', tests: '', notice: 0, bake: 1, window: span, why: '', score: null },
    ...{ considered: 1, refused: [], shipBy: null, train: null },
    ...{ milestones: timeline.milestones, tasks: timeline.tasks, critical: timeline.critical },
  }
  const plan = { ...drawn, schedule, ...wanted.plan } as Plan
  const planned = sealed([draft('planned')], at, [], version)
  const live = waiting.includes(state) ? at : span.start
  const kinds = way[state] ?? []
  const events = sealed([...kinds.map((kind) => draft(kind)), ...more], live, planned, version)
  return { plan, digest, state, events }
}

export const provisional = (feature: string): Partial<Plan> => ({
  state: 'provisional',
  freeze: { feature, code: null, source: 'the timeline', base: null, late: [], held: 0 },
})
