import type { Plan } from '@relman/core/plan/plan'
import type { Clock } from '@relman/core/ports/clock'
import { type AnsweredStatus, goOn } from '@relman/core/rollout/answer'
import type { Rung } from '@relman/core/rollout/ladder'
import { blind, isBad, type Move, nextMove, unseen, unserved } from '@relman/core/rollout/next-move'
import type { RolloutState } from '@relman/core/rollout/rollout-state'
import { timeLeft } from '@relman/core/rollout/time-left'
import { stillUnanswered } from '@relman/core/rollout/unanswered'
import { type Driver, type Return, returnTraffic, sentence } from '@relman/core/runtime/exposure/move-traffic'
import type { StatusReporter } from '@relman/core/runtime/exposure/status-reporter'
import type { Watch } from '@relman/core/runtime/exposure/watch'
import { openAnswers } from './answer.ts'
import { checkDrift, type Exposure, type Fault, type Fencing, openExposure } from './exposure.ts'
import { duration, lookLine } from './look-line.ts'

export type Walk = {
  plan: Plan
  rungs: readonly Rung[]
  until: number
  driver: Driver
  reporter: StatusReporter
  watch: Watch
  fencing: Fencing
  /** Everything that was reported of this rollout, by whomever. */
  statuses: () => Promise<AnsweredStatus[]>
  clock: Clock
  log: (line: string) => void
  /** Whether this walk goes on with a rollout that another run began. */
  resumed: boolean
}

/** How a walk ended. `way` is null when there was nothing to bring back. */
export type Ending = {
  kind: 'done' | 'held' | 'returned' | 'stuck' | 'refused' | 'unchanged'
  reason: string
  detail: string
  way: Return | null
  /** Where the rollout stands when somebody else ended it. */
  state?: RolloutState
}

/** After a signal there are 7.5 s, then 2.5 s: traffic first, then the reports. */
const cancelSeconds = 4
const returnSeconds = 30
const settleMilliseconds = 1500

/**
 * Walks the ladder. Moves run beside the looks, so that no moment with exposure is unwatched; harm, a stale token, a
 * signal or any defect ends in the same way back.
 */
export const walk = async (w: Walk, signal: AbortSignal): Promise<Ending> => {
  const exposure = openExposure(w, signal)
  try {
    return await climb(w, exposure, signal)
  } catch (error) {
    const reason = signal.aborted ? 'cancelled' : 'defect'
    return giveBack(w, exposure, reason, sentence(signal.aborted ? signal.reason : error), signal.aborted)
  }
}

const climb = async (w: Walk, exposure: Exposure, signal: AbortSignal): Promise<Ending> => {
  const { clock, reporter, plan, rungs, until } = w
  const policy = plan.policy.rollout
  const now = () => clock.now() / 1000
  const resumedAt = w.resumed && policy.inconclusive === 'ask' ? now() : 0
  let finding = unseen
  let nextLook = 0
  let badSince: number | null = null
  const answers = openAnswers(w)
  const drift =
    w.resumed && reporter.state().visits.at(-1)?.confirmedAt ? await resumedDrift(w, signal) : null
  if (drift) return giveBack(w, exposure, drift.reason, drift.detail, false)
  for (;;) {
    signal.throwIfAborted()
    const state = reporter.state()
    let looked = false
    const rung = exposure.rung() ?? rungs.find((one) => one.step === state.visits.at(-1)?.step)
    if (rung && exposure.exposed() && now() >= nextLook) {
      nextLook = now() + policy.look
      looked = true
      const visit = state.visits.at(-1)
      finding = await w.watch.look(rung, exposure.weight(), visit ? now() - visit.movedAt : 0, signal)
      badSince = isBad(finding) ? (badSince ?? now()) : null
    }
    const fault = exposure.fault()
    const { answer, state: ended } = answers.heard()
    const letOn = answer.is === 'go-on'
    const standing = { rungs, state: reporter.state(), until, policy }
    const situation = { ...standing, finding, now: now(), resumedAt, letOn, badSince }
    const move: Move = exposure.moving()
      ? { do: 'wait', why: 'draining', left: policy.look }
      : nextMove(situation)
    if (rung && looked) {
      const [weight, verdict, down] = [exposure.weight(), w.watch.verdict(), w.watch.down()]
      const since = now() - (reporter.state().visits.at(-1)?.confirmedAt ?? now())
      const rest = move.do === 'wait' ? timeLeft(policy, rung.step, since) : null
      w.log(lookLine({ rung, weight, finding, move, verdict, down, rest }))
    }
    if (finding.verdict === 'unhealthy' && exposure.exposed())
      return giveBack(w, exposure, finding.reason, w.watch.verdict()?.words ?? '', false)
    if (fault) return failedMove(w, exposure, fault)
    if (ended) return { kind: 'unchanged', reason: 'already-returned', detail: '', way: null, state: ended }
    switch (move.do) {
      case 'nothing':
        return { kind: 'unchanged', reason: move.reason, detail: '', way: null }
      case 'return':
        return giveBack(w, exposure, move.reason, whyReturned(w, move.reason, finding.reason), false)
      case 'hold':
        return { kind: 'held', reason: move.reason, detail: '', way: null }
      case 'finish': {
        // What was judged is not what is served where somebody else moved the traffic meanwhile.
        const moved = await checkDrift(w, reporter.state().weight, signal)
        if (moved) return giveBack(w, exposure, moved.reason, moved.detail, false)
        reporter.add('done')
        return { kind: 'done', reason: 'completed', detail: '', way: null }
      }
      case 'ask':
        reporter.add('asked')
        answers.forget()
        w.log(sentence(askedWords(w)))
        continue
      case 'end-step':
        if (answer.is === 'go-on' && move.reason === 'promoted-unproven')
          w.log(sentence(`${answer.by} lets the step go on unproven`))
        answers.forget()
        reporter.add(move.verdict, { reason: move.reason })
        // The next step asks for more: what proved this one says nothing of it.
        finding = unseen
        continue
      case 'move':
        if (move.why !== 'unconfirmed') for (const line of w.watch.foresee(move.rung)) w.log(sentence(line))
        exposure.start(move.rung, move.why === 'unconfirmed')
        break
      case 'wait':
        if (move.why === 'asked') answers.ask()
    }
    const next = exposure.exposed() ? nextLook - now() : policy.look
    const wait = move.do === 'wait' ? Math.min(next, move.left) : next
    if (await exposure.rest(Math.max(wait, 0.02), move.do === 'wait' && move.left <= wait)) nextLook = 0
  }
}

/** What people can do now, and what happens when they do nothing. */
const askedWords = ({ plan, reporter }: Walk): string =>
  `the step at ${reporter.state().weight} % could not be proven. It is watched for ${duration(plan.policy.rollout.answer)} more: it goes on once it is proven, or once a person writes a status "${goOn}" to the deployment; the rollback workflow, and no answer, return the traffic`

/** Who was blind says who did not answer, and since when; the last verdict is from before that. */
const whyReturned = ({ watch }: Walk, reason: string, found: string): string => {
  if (reason === blind.reason) return stillUnanswered(watch.unanswered()) ?? watch.down() ?? ''
  const lacks = found === unseen.reason || found === unserved.reason
  return (lacks ? watch.missing() : null) ?? watch.verdict()?.words ?? ''
}

/** A rollout that ended changes nothing any more, whatever the traffic does since. */
const resumedDrift = async (w: Walk, signal: AbortSignal) => {
  const { phase, weight } = w.reporter.state()
  return phase === 'draining' || phase === 'baking' ? checkDrift(w, weight, signal) : null
}

const failedMove = async (
  w: Walk,
  exposure: Exposure,
  { reason, detail, foreign }: Fault,
): Promise<Ending> =>
  foreign
    ? { kind: 'refused', reason, detail: `${detail}; its traffic is not touched`, way: null }
    : giveBack(w, exposure, reason, detail, false)

/** The way back: traffic first, everything else after it was read back, or in the background. */
const giveBack = async (
  w: Walk,
  exposure: Exposure,
  reason: string,
  detail: string,
  cancelled: boolean,
): Promise<Ending> => {
  const { reporter } = w
  const found = w.clock.now() / 1000
  const unsettled = exposure.moving()
  await exposure.stop()
  if (!exposure.exposed()) return { kind: 'refused', reason, detail, way: null }
  const back = returnTraffic(w.driver, cancelled ? cancelSeconds : returnSeconds, {
    hard: cancelled,
    unsettled,
  })
  const verdict = w.watch.verdict()?.verdict === 'unhealthy' ? 'unhealthy' : 'inconclusive'
  if (reporter.state().visits.at(-1)?.endedAt === null) reporter.add(verdict, { reason, at: found })
  reporter.add('returning', { reason, at: found })
  const way = await back
  w.log(
    way.returned
      ? `traffic is back: 0 % read back after ${way.seconds.toFixed(1)} s`
      : `TRAFFIC IS NOT BACK: ${way.fault}`,
  )
  if (way.returned) reporter.add('returned', { weight: 0, reason })
  else reporter.add('stuck', { weight: way.weight ?? reporter.state().weight, reason: 'traffic-stuck' })
  await reporter.settled(cancelled ? settleMilliseconds : 15 * settleMilliseconds)
  return way.returned
    ? { kind: 'returned', reason, detail, way }
    : {
        kind: 'stuck',
        reason: 'traffic-stuck',
        detail: `${way.fault}; it was to be returned because of ${reason}`,
        way,
      }
}
