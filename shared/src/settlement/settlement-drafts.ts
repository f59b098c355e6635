import type { z } from 'zod'
import type { EventDraft, ReleaseState, RunRef } from '../record/event.ts'
import type { Visit } from '../rollout/rollout-state.ts'
import { cut } from '../text/escape-markdown.ts'
import type { Evidence } from './evidence.ts'
import type { Settlement } from './settle.ts'

type Data = EventDraft['data']

export type DraftFacts = {
  actor: string
  run: RunRef
  digest: string
  token: number
  deployment: number
  /** Why a person or the watchdog took it back; '' otherwise. */
  why: string
  evidence: Evidence | null
  /** Who let a step go on that could not be proven. */
  letOnBy?: (step: number) => string | null
  /** State of the release before. */
  state: ReleaseState | null
  startedAt: string | null
  /** Milliseconds since 1970. */
  now: number
}

/**
 * The events that tell how a rollout went: each visit, its verdict, then the ending with duration, metrics, error and
 * time to recover (row L3). Keys hold the deployment, so that telling it twice tells it once.
 */
export const settlementDrafts = (settlement: Settlement, facts: DraftFacts): EventDraft[] => [
  ...settlement.rollout.visits.flatMap((visit, index) => visitDrafts(visit, index, facts)),
  ...endingDrafts(settlement, facts),
]

const draft = (
  kind: EventDraft['kind'],
  key: string,
  data: Data,
  { actor, run, digest, token, deployment }: DraftFacts,
): EventDraft => ({
  kind,
  key: `${kind}:${deployment}:${key}`,
  actor,
  run,
  digest,
  token,
  data: { deployment, ...data },
})

const visitDrafts = (visit: Visit, index: number, facts: DraftFacts): EventDraft[] => {
  const { step, weight, movedAt, confirmedAt, endedAt, verdict, reason } = visit
  const stepped = draft('stepped', String(index), { step, weight, movedAt, confirmedAt }, facts)
  if (endedAt === null && verdict === null) return [stepped]
  const found = facts.evidence?.visits.findLast((each) => each.step === step && each.weight === weight)
  const probed = facts.evidence?.probes?.visits.findLast(
    (each) => each.step === step && each.weight === weight,
  )
  const seconds = endedAt === null ? null : Math.max(0, Math.round((endedAt - movedAt) * 10) / 10)
  const by = reason === 'promoted-unproven' ? (facts.letOnBy?.(step) ?? null) : null
  const told = {
    step,
    weight,
    verdict: verdict ?? 'none',
    reason,
    ...(by === null ? {} : { letOnBy: by }),
    seconds,
    evidence: found ? { verdict: found.verdict, reason: found.reason, ratios: found.ratios } : null,
    ...(probed ? { probes: { verdict: probed.verdict, reason: probed.reason, reportedBy: 'walk' } } : {}),
  }
  return [stepped, draft('verdict', String(index), told, facts)]
}

const endingDrafts = (settlement: Settlement, facts: DraftFacts): EventDraft[] => {
  const { state, reason, faults, recoverySeconds, verified, rollout } = settlement
  if (state === 'held') return []
  const error = faults.length > 0 ? cut(faults.join('; '), 2_000) : null
  const seconds =
    facts.startedAt === null
      ? null
      : Math.max(0, Math.round((facts.now - Date.parse(facts.startedAt)) / 1000))
  const metrics = (facts.evidence?.['metrics'] ?? facts.evidence?.visits ?? null) as z.core.util.JSONType
  const told: Data = { reason, error, seconds, weight: rollout.weight, metrics, why: cut(facts.why, 500) }
  if (state === 'deployed') {
    // What was not proven, or by probes alone: a release that is live has no error.
    const doubts = error === null ? {} : { doubts: error }
    return [draft('deployed', '', { ...told, error: null, ...doubts }, facts)]
  }
  if (state === 'execution-failed') return [draft(state, '', { ...told, error: error ?? reason }, facts)]
  const failed = draft('deployment-failed', '', { ...told, error: error ?? reason }, facts)
  const failure = facts.state === 'executing' ? [failed] : []
  if (state === 'deployment-failed') return failure
  const back = {
    ...told,
    seconds: recoverySeconds,
    duration: seconds,
    verified,
    error: state === 'rollback-failed' ? (error ?? reason) : null,
  }
  const key = state === 'rolled-back' ? '' : String(rollout.seq)
  return [...failure, draft(state, key, back, facts)]
}
