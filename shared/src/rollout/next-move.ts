import type { RolloutPolicy } from '../config/rollout-policy.ts'
import type { VerdictValue } from '../verdict/verdict.ts'
import { type Rung, rungAt } from './ladder.ts'
import { phaseAt } from './progress.ts'
import type { RolloutState, Visit } from './rollout-state.ts'

/** What the judge and the provider say at this moment. */
export type Finding = { verdict: VerdictValue; reason: string }

/** What a look finds when the provider does not answer: nothing is known, and why. */
export const blind: Finding = { verdict: 'inconclusive', reason: 'metrics-down' }

/** What a look at 100 % finds while the last watch was not told, or showed nobody served: nothing is known of that time. */
export const unseen: Finding = { verdict: 'inconclusive', reason: 'unseen' }

/** What a look finds while the new version served nothing of this step that could be judged. */
export const unserved: Finding = { verdict: 'inconclusive', reason: 'unserved' }

/**
 * At 100 % nothing is compared, so little is missed there; but these keep a release from being called done. What may be
 * about the stable version alone (no traffic, no data, warming up) is none: of the new one, `unseen` says it.
 */
const openSigns = [
  blind.reason,
  unseen.reason,
  'arms-swapped',
  'bucket-edges-differ',
  'clock-jumped',
  'evidence-against',
  'too-little-seen',
  'one-instance',
]

/**
 * The choice of what an unproven step does is about too little traffic. It does not cover signs of harm, nor being blind,
 * nor a version that nobody judged: these return, whatever was chosen.
 */
const badSigns = [
  blind.reason,
  unserved.reason,
  'warming-up',
  'no-data',
  'metric-vanished',
  'bad-data',
  'arms-swapped',
  'canary-shrank',
  'bucket-edges-differ',
  'clock-jumped',
  'evidence-against',
  'too-little-seen',
  'one-instance',
]

export type Situation = {
  rungs: readonly Rung[]
  state: RolloutState
  finding: Finding
  /** Unix seconds. */
  now: number
  /** The weight to stop at. */
  until: number
  policy: Pick<RolloutPolicy, 'drain' | 'inconclusive' | 'answer'>
  /** Unix seconds from which patience counts again, after a person resumed an undecided step; 0 when nobody did. */
  resumedAt: number
  /** Whether a person who was asked lets the unproven step go on. */
  letOn?: boolean
  /** Unix seconds since when every look was blind or saw a sign of harm; null while the last one did not. */
  badSince?: number | null
}

/** While people are asked, so many seconds of signs that do not go away are waited out: one look that fails is none. */
const badPatience = 120

/** What to do now. `verdict` is what the present step ends with. */
export type Move =
  | { do: 'move'; rung: Rung; why: 'first' | 'proven' | 'promoted-unproven' | 'unconfirmed' }
  | { do: 'end-step'; verdict: VerdictValue; reason: string }
  | {
      do: 'wait'
      why: 'draining' | 'minimum-bake' | 'not-proven-yet' | 'asked' | 'last-watch' | 'not-seen-yet'
      left: number
    }
  | { do: 'return'; reason: string }
  | { do: 'ask' }
  | { do: 'hold'; reason: 'until-reached' }
  | { do: 'finish' }
  | { do: 'nothing'; reason: 'already-done' | 'already-returned' | 'stuck' }

/**
 * The ladder's rule, one decision at a time. Harm is answered first, in every phase with exposure; a step advances only
 * when it is proven and its least bake is over; at the end of its patience `inconclusive` decides.
 */
export const nextMove = (situation: Situation): Move => {
  const { rungs, state, finding, now, policy } = situation
  const phase = phaseAt(state, now, policy.drain)
  switch (phase) {
    case 'done':
      return { do: 'nothing', reason: 'already-done' }
    case 'returned':
      return { do: 'nothing', reason: 'already-returned' }
    case 'stuck':
      return { do: 'nothing', reason: 'stuck' }
    case 'returning':
      return { do: 'return', reason: 'resumed' }
    case 'ready': {
      const first = rungs[0]
      if (!first || first.weight > situation.until) return { do: 'hold', reason: 'until-reached' }
      return { do: 'move', rung: first, why: 'first' }
    }
    default:
  }
  const visit = state.visits.at(-1)
  const rung = visit && rungAt(rungs, visit.step)
  if (!visit || !rung || rung.weight !== visit.weight) return { do: 'return', reason: 'plan-differs' }
  if (visit.endedAt !== null) return afterStep(situation, rung)
  if (finding.verdict === 'unhealthy') return { do: 'return', reason: finding.reason }
  if (visit.confirmedAt === null) return { do: 'move', rung, why: 'unconfirmed' }
  const bakedFrom = visit.confirmedAt + policy.drain
  if (phase === 'draining') return { do: 'wait', why: 'draining', left: bakedFrom - now }
  if (now < bakedFrom + rung.min) {
    return { do: 'wait', why: rung.last ? 'last-watch' : 'minimum-bake', left: bakedFrom + rung.min - now }
  }
  if (rung.last) return afterLastWatch(situation, rung, Math.max(bakedFrom, situation.resumedAt))
  if (finding.verdict === 'healthy') return { do: 'end-step', verdict: 'healthy', reason: finding.reason }
  const patience = Math.max(bakedFrom, situation.resumedAt) + rung.max
  if (now < patience) return { do: 'wait', why: 'not-proven-yet', left: patience - now }
  if (policy.inconclusive === 'ask' && wasAsked(visit, situation)) return whileAsked(situation, visit.askedAt)
  if (isBad(finding)) return badReturn(finding)
  if (policy.inconclusive === 'promote-unproven')
    return { do: 'end-step', verdict: 'inconclusive', reason: 'promoted-unproven' }
  if (policy.inconclusive === 'ask') return { do: 'ask' }
  return { do: 'return', reason: 'not-proven' }
}

/** Whether a finding is one that no choice of what an unproven step does covers. */
export const isBad = ({ reason }: Finding): boolean => badSigns.includes(reason)

const badReturn = ({ reason }: Finding): Move => ({
  do: 'return',
  reason: reason === blind.reason ? 'metrics-down' : 'not-proven',
})

type Asked = Visit & { askedAt: number }

/** A person who resumed the step began its patience anew: what was asked before is asked again after it. */
const wasAsked = (visit: Visit, { resumedAt }: Situation): visit is Asked =>
  visit.askedAt !== undefined && visit.askedAt >= resumedAt

/**
 * The step is watched on while people decide. What becomes proven goes on by itself (before this is reached); a person
 * lets it go on unproven; bad signs that stay return it, and so does the end of the time to answer.
 */
const whileAsked = (
  { finding, now, policy, letOn = false, badSince = null }: Situation,
  askedAt: number,
): Move => {
  const bad = isBad(finding)
  if (bad && now - (badSince ?? now) >= badPatience) return badReturn(finding)
  if (letOn && !bad) return { do: 'end-step', verdict: 'inconclusive', reason: 'promoted-unproven' }
  const left = askedAt + policy.answer - now
  if (left > 0) return { do: 'wait', why: 'asked', left }
  return bad ? badReturn(finding) : { do: 'return', reason: 'not-answered' }
}

/** Done only when all of the last watch was seen and nothing speaks against it; for that there is the patience of a step. */
const afterLastWatch = ({ rungs, finding, now }: Situation, rung: Rung, from: number): Move => {
  if (!openSigns.includes(finding.reason)) return { do: 'finish' }
  // The step that follows by itself has no patience of its own.
  const patience = rung.margin === null ? rungAt(rungs, rung.step - 1)?.max : rung.max
  const left = from + Math.max(rung.min, patience ?? 0) - now
  if (left > 0) return { do: 'wait', why: 'not-seen-yet', left }
  return { do: 'return', reason: finding.reason === blind.reason ? blind.reason : 'not-proven' }
}

const afterStep = ({ rungs, state, finding, until }: Situation, rung: Rung): Move => {
  const verdict = state.visits.at(-1)?.verdict
  if (finding.verdict === 'unhealthy') return { do: 'return', reason: finding.reason }
  if (verdict !== 'healthy' && state.visits.at(-1)?.reason !== 'promoted-unproven') {
    return { do: 'return', reason: state.visits.at(-1)?.reason ?? 'not-proven' }
  }
  const next = rungs.find((candidate) => candidate.step === rung.step + 1)
  if (!next) return { do: 'finish' }
  if (next.weight > until) return { do: 'hold', reason: 'until-reached' }
  return { do: 'move', rung: next, why: verdict === 'healthy' ? 'proven' : 'promoted-unproven' }
}
