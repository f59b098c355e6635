import type { Arguments } from '../command/arguments.ts'
import { rejectAtEnd } from '../command/ending.ts'
import { keepPlan } from '../outcome/write-files.ts'
import type { RunnerEvent } from '../runner/events.ts'
import { startRunner } from '../runner/start-runner.ts'
import { scenarios } from '../scenario/scenarios.ts'
import { readRecord } from '../subject/read-record.ts'
import { notExactlyOnce } from './exactly-once.ts'
import { person } from './people.ts'
import type { Place } from './place.ts'
import type { Act, Played, PlayedRun } from './played.ts'
import { type Ask, answerReviews } from './review.ts'
import { pairSeconds } from './seconds.ts'
import { maintainer, openStage } from './stage.ts'
import { ticketOf } from './ticket-of.ts'
import { watchWeight } from './watch-weight.ts'

export type Show = (event: RunnerEvent) => void

/** GitHub's five-minute cut and ten-minute heartbeat, in a rehearsal of a minute. */
const scale = 0.003

/** Plays a scenario from the first commit of its history to the end of its last run, and says everything it saw. */
export const play = async (given: Arguments, place: Place, ask: Ask, show: Show): Promise<Played> => {
  const now = () => Date.now()
  const scenario = scenarios[given.scenario]
  const { folder, out, product, guard, ending } = place
  const stage = await openStage(given, scenario, place)
  const { bench, hub, subject, preview } = stage
  const startedAt = now()
  const events: RunnerEvent[] = []
  const acts: Act[] = []
  const weights = watchWeight(bench.adminUrl, now)
  const reviews = answerReviews(hub, ask, (runId) => approverPage(events, runId), now)
  const runner = startRunner({
    hub,
    product: { root: product, ref: 'org/relman', version: 'v1' },
    workDir: folder,
    scale,
    nodePath: process.execPath,
    guard,
    out: {
      summariesDir: `${out}/summaries`,
      onEvent: (event) => {
        events.push(event)
        show(event)
        if (event.type === 'step-finished' && event.name.includes('plan-release')) keepPlan(folder, out)
        if (event.type === 'job-waiting' && event.reason === 'approval')
          void reviews.answer(event.runId, event.of).catch(fail)
      },
    },
  })
  let failure: unknown = null
  const fail = (error: unknown) => {
    failure ??= error
  }
  try {
    const start = () =>
      runner.startRun({
        workflow: '.github/workflows/rehearsed-release.yml',
        event: 'workflow_dispatch',
        ref: `refs/heads/${stage.branch}`,
        sha: stage.head,
        actor: maintainer,
        inputs: { ref: subject.to, from: given.from ?? '' },
      })
    const event = given.faultOff ? undefined : 'event' in scenario ? scenario.event : undefined
    const started = event === 'start-twice' ? [start(), start()] : [start()]
    const acting = act(event, weights, events, acts, now, {
      cancel: (runId) => person(hub, maintainer).cancel(runId),
      loseRunner: (jobId) => runner.killRunner(jobId),
      loseRun: (runId) => runner.killRun(runId),
    })
    acting.catch(fail)
    const ended = rejectAtEnd(ending)
    await Promise.race([Promise.all(started), ended])
    if (event === 'lose-run') {
      await Promise.race([acting, ended])
      const watchdog = runner.startRun({
        workflow: '.github/workflows/rehearsed-watchdog.yml',
        event: 'schedule',
        ref: `refs/heads/${stage.branch}`,
        sha: stage.head,
        actor: maintainer,
      })
      await Promise.race([watchdog, ended])
    }
    if (failure) throw failure
    // The last second of traffic is part of the outcome.
    await new Promise((done) => setTimeout(done, 1200))
    const quietAt = await bench.quiet()
    const truth = await bench.truth({ series: true })
    const record = readRecord(subject.gitDir)
    const last = await bench.truth({ from: quietAt - 1000, to: quietAt })
    const canary = Object.entries(truth.versions).filter(([version]) => version !== preview.previous)
    return {
      arguments: given,
      scenario,
      product,
      out,
      repository: subject.name,
      preview,
      startedAt,
      endedAt: now(),
      events,
      runs: playedRuns(events),
      weights: truth.events
        .filter((one) => one.event === 'weight')
        .map(({ at, detail }) => ({ at, weight: Number(detail) })),
      decisions: reviews.decisions,
      acts,
      record,
      statuses: hub.reported(),
      notes: hub.releases().at(-1)?.body ?? null,
      ticket: await ticketOf(hub),
      seconds: pairSeconds(truth.series ?? [], preview.previous),
      counts: {
        stable: truth.versions[preview.previous]?.requests ?? 0,
        canary: canary.reduce((sum, [, totals]) => sum + totals.requests, 0),
        failed: truth.requests.failed,
      },
      lastSecond: { stable: 1 - (last.observed ?? 0) / 100, canary: (last.observed ?? 0) / 100 },
      finalWeight: weights.series.at(-1)?.weight ?? 0,
      firstFaultAt: truth.firstFault,
      lastCanaryAt: truth.lastCanary,
      violations: [...hub.violations, ...(event === 'flaky-github' ? await notExactlyOnce(hub, record) : [])],
    }
  } finally {
    weights.stop()
    await runner.close()
    await hub.close()
    await bench.close()
  }
}

const walkJob = /walk the ladder$/

type Hands = {
  cancel(runId: number): Promise<void>
  loseRunner(jobId: number): void
  loseRun(runId: number): void
}

/** What the operator or the platform does, while the release bakes at 10 %. */
const act = async (
  event: string | undefined,
  weights: ReturnType<typeof watchWeight>,
  events: RunnerEvent[],
  acts: Act[],
  now: () => number,
  hands: Hands,
): Promise<void> => {
  if (!event || !['cancel', 'lose-runner', 'lose-run'].includes(event)) return
  await weights.reaches(10, 1200)
  const walk = events.find((one) => one.type === 'job-started' && walkJob.test(one.name))
  if (walk?.type !== 'job-started') return
  const what = { cancel: 'cancelled', 'lose-runner': 'runner lost', 'lose-run': 'run lost' }[event] ?? event
  acts.push({ at: now(), what })
  if (event === 'cancel') await hands.cancel(walk.runId)
  else if (event === 'lose-runner') hands.loseRunner(walk.jobId)
  else hands.loseRun(walk.runId)
}

/** What an approver of the run can read so far: the summaries of its jobs. */
const approverPage = (events: readonly RunnerEvent[], runId: number): string =>
  events
    .flatMap((event) => (event.type === 'summary' && event.runId === runId ? [event.markdown] : []))
    .join('\n')

const playedRuns = (events: readonly RunnerEvent[]): PlayedRun[] =>
  events.flatMap((run) => {
    if (run.type !== 'run-started') return []
    const own = events.filter((event) => event.runId === run.runId)
    const finished = own.find((event) => event.type === 'run-finished')
    const jobs = own.flatMap((event) => {
      if (event.type !== 'job-finished') return []
      const start = own.find((one) => one.type === 'job-started' && one.jobId === event.jobId)
      return [
        {
          id: event.jobId,
          name: event.name,
          result: event.result,
          seconds: event.seconds,
          startedAt: start?.at ?? null,
        },
      ]
    })
    const conclusion = finished?.type === 'run-finished' ? finished.conclusion : 'lost'
    return [{ id: run.runId, workflow: run.workflow, conclusion, startedAt: run.at, jobs }]
  })
