import type { Plan } from '../../plan/plan.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Look, MetricsProvider } from '../../ports/metrics.ts'
import { judgeSettings } from '../../rollout/criteria.ts'
import { byEnd, underWay } from '../../rollout/figures.ts'
import type { Rung } from '../../rollout/ladder.ts'
import { blind, type Finding, isBad, unseen, unserved } from '../../rollout/next-move.ts'
import type { Visit } from '../../rollout/rollout-state.ts'
import { afterObservation, isSound, type Told, trafficChecks, untold } from '../../rollout/served.ts'
import { prospectWords, stepProspects, trafficOf } from '../../rollout/step-prospect.ts'
import { afterLook, type Unanswered } from '../../rollout/unanswered.ts'
import { healthVerdict } from '../../verdict/health.ts'
import { type JudgeState, look as judgeLook, openJudge } from '../../verdict/judge.ts'
import type { Observation } from '../../verdict/observation.ts'
import type { Verdict } from '../../verdict/verdict.ts'
import { learnPast } from './learn-past.ts'

/** One point of the chart: what the judge had before it at one look. */
export type Seen = { at: number; weight: number; observations: Observation[]; verdict: Verdict }

export type Watch = {
  /** Reads the stable version's past. Returns what is wrong with the provider, or null. */
  learn(before: number, signal?: AbortSignal): Promise<string | null>
  /** Replays what happened during earlier visits, so that a resumed walk goes on with its evidence. */
  replay(visits: readonly Visit[], until: number, signal?: AbortSignal): Promise<void>
  /** One look at everything since the last one. */
  look(rung: Rung, weight: number, elapsed: number, signal?: AbortSignal): Promise<Finding>
  verdict(): Verdict | null
  /** What the step of a rung can be expected to prove, in words. Said before it begins, and remembered. */
  foresee(rung: Rung): string[]
  foreseen(): readonly string[]
  /** What the judge knows at this moment. */
  judge(): JudgeState
  down(): string | null
  /** When a provider did not answer. */
  unanswered(): readonly Unanswered[]
  /** What lacks of the new version, and since when, in a sentence; null without a required check. */
  missing(): string | null
  notes(): string[]
  seen(): readonly Seen[]
}

/** Proven, but by numbers that do not yet cover the least bake of the step. */
const early: Finding = { verdict: 'inconclusive', reason: 'minimum-bake' }

/** A moment for people, to the second. */
const iso = (at: number): string => `${new Date(at).toISOString().slice(11, 19)} UTC`

/** Reads the provider, asks the judge, and remembers both. Times are Unix seconds. */
export const openWatch = (
  plan: Pick<Plan, 'policy' | 'learnt'>,
  rungs: readonly Rung[],
  { provider, clock }: { provider: MetricsProvider; clock: Clock },
): Watch => {
  const { policy, learnt } = plan
  const seconds = Math.max(policy.rollout.look, 0.1)
  let judge: JudgeState = openJudge(judgeSettings(policy, rungs, [], learnt))
  let verdict: Verdict | null = null
  let from = clock.now() / 1000
  let down: string | null = null
  let unanswered: Unanswered[] = []
  /** What was lacking, and when it was last. */
  const notes = new Map<string, number>()
  let told = 0
  /** The end of the last look that every provider answered. */
  let lookedTo: number | null = null
  const seen: Seen[] = []
  const foreseen: string[] = []
  let past: readonly Observation[] = []
  const take = (answer: Look): Look => {
    down = answer.down
    const now = clock.now()
    // Who does not answer says nothing of what is there again.
    if (down === null) told = now
    for (const note of answer.notes ?? []) if (notes.has(note) || notes.size < 20) notes.set(note, now)
    return answer
  }
  /** The newest interval of each metric: some providers tell late, and a step is not proven by what came before it. */
  const newest = new Map<string, Observation>()
  const required = (policy.metrics?.checks ?? []).filter((check) => check.required)
  const covers = (movedAt: number, least: number): boolean =>
    required.every(({ name }) => {
      const { from: begin = 0, to: end = 0 } = newest.get(name) ?? {}
      return begin >= movedAt - seconds && end - movedAt >= least - seconds
    })
  /** At 100 % only the new version is left to be seen: what was told of it, by each check. */
  const newVersion = new Map<string, Told>()
  const toldOf = (name: string): Told => newVersion.get(name) ?? untold
  const traffic = trafficChecks(policy.metrics?.checks ?? [])
  /** All of the last watch was told soundly, and at the end of it somebody is served. */
  const sawLastWatch = (movedAt: number, least: number): boolean =>
    required.every(({ name }) => {
      const told = toldOf(name)
      return isSound(told) && told.heardTo > movedAt + Math.max(0, least - seconds)
    }) &&
    (traffic.length === 0 || traffic.map(toldOf).some(({ to, servedTo }) => servedTo === to && to > 0))
  /** Whether the new version served anything that could be judged since the move. */
  const hasServed = (movedAt: number): boolean =>
    traffic.length === 0 || traffic.map(toldOf).some(({ servedFrom }) => servedFrom >= movedAt - seconds)
  /** At 100 % the stable version lacks, which the verdict names before an endpoint that is not well. */
  const unwell = (): Finding | null => {
    const health = judge.metrics.find(({ health: one }) => one)?.health
    if (!health || healthVerdict(health).verdict === 'healthy') return null
    return health.failing.length > 0 ? healthVerdict(health) : unseen
  }
  const hear = (
    observations: Observation[],
    rung: Rung,
    weight: number,
    elapsedSeconds: number,
    at: number,
    waiting?: readonly string[],
  ) => {
    const last = rungs.find((one) => one.step === rung.step + 1)?.last ?? true
    for (const one of observations) {
      if (one.to >= (newest.get(one.metric)?.to ?? 0)) newest.set(one.metric, one)
      const criteria = judge.metrics.map(({ criterion }) => criterion)
      const told = afterObservation(toldOf(one.metric), one, criteria, policy.rollout.warmup)
      newVersion.set(one.metric, told)
    }
    const answer = judgeLook(judge, observations, {
      index: rung.step,
      last,
      elapsedSeconds,
      weight,
      waiting,
    })
    judge = answer.state
    verdict = answer.verdict
    seen.push({ at, weight, observations, verdict: answer.verdict })
  }
  return {
    learn: async (before, signal) => {
      const learnt = await learnPast(plan, rungs, provider, before, signal)
      take(learnt.look)
      past = learnt.look.observations
      judge = openJudge(learnt.settings)
      return learnt.look.down
    },
    replay: async (visits, until, signal) => {
      from = until
      for (const { step, weight, movedAt, endedAt } of visits) {
        const rung = rungs.find((one) => one.step === step)
        const end = endedAt ?? until
        if (!rung || end - movedAt < seconds) continue
        const past = take(await provider.range(movedAt, end, seconds, weight, signal))
        const waiting = underWay(past.observations)
        for (const [at, observations] of byEnd(past.observations))
          hear(observations, rung, weight, at - movedAt, at, waiting(at))
        // Nobody watched the step that is under way: the next look asks again what the provider could not tell now, but
        // for the time in which instances may have been cold.
        if (endedAt === null && past.down !== null && past.observations.length === 0)
          from = Math.min(until, movedAt + policy.rollout.warmup)
      }
    },
    look: async (rung, weight, elapsed, signal) => {
      const to = clock.now() / 1000
      const answer = take(await provider.observe(from, to, weight, signal))
      unanswered = afterLook(unanswered, { down: answer.down, seen: lookedTo ?? from, at: to })
      if (answer.down === null) lookedTo = to
      // Where one of several providers is down, harm that another shows is heard all the same.
      if (answer.down === null || answer.observations.length > 0) {
        hear(answer.observations, rung, weight, elapsed, to, answer.waiting)
        from = to
      }
      if (verdict?.verdict === 'unhealthy') return verdict
      if (answer.down !== null || !verdict) return blind
      if (rung.last && !sawLastWatch(to - elapsed, policy.rollout.drain + rung.min)) return unseen
      if (rung.last) return unwell() ?? verdict
      if (!hasServed(to - elapsed) && !isBad(verdict)) return unserved
      if (verdict.verdict === 'healthy' && !covers(to - elapsed, rung.min)) return early
      return verdict
    },
    foresee: (rung) => {
      const last = rungs.find((one) => one.step === rung.step + 1)?.last ?? true
      const traffic = trafficOf([...past, ...seen.flatMap(({ observations }) => observations)])
      const probes = policy.metrics?.probes?.rate ?? null
      const lines = stepProspects(judge, rung, last, traffic, probes).map((one) =>
        prospectWords(one, rung.max),
      )
      foreseen.push(...lines)
      return lines
    },
    foreseen: () => foreseen,
    verdict: () => verdict,
    judge: () => judge,
    down: () => down,
    unanswered: () => unanswered,
    missing: () => {
      const [first] = required
        .map(({ name }) => ({ name, ...toldOf(name) }))
        .sort((a, b) => Number(isSound(a)) - Number(isSound(b)) || a.heardTo - b.heardTo)
      if (!first) return null
      const since = (at: number): string => (at > 0 ? `since ${iso(at * 1000)}` : 'yet')
      if (first.heardTo === 0 || first.heardTo < first.to)
        return `${first.name}: nothing came of the new version ${since(first.heardTo)}`
      if (!isSound(first)) return first.fault?.detail ?? null
      const idle = traffic
        .map((name) => ({ name, ...toldOf(name) }))
        .sort((a, b) => b.servedTo - a.servedTo)[0]
      return idle && idle.servedTo < idle.to
        ? `${idle.name}: the new version served no request that can be judged ${since(idle.servedTo)}`
        : `${first.name}: nothing came of the new version ${since(first.heardTo)}`
    },
    // What has come since must not look as if it were missing still.
    notes: () => [...notes].map(([note, at]) => (at < told ? `${note} (last at ${iso(at)})` : note)),
    seen: () => seen,
  }
}
