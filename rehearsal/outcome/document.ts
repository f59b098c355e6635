import type { Played, PlayedRun, RecordedEvent } from '../play/played.ts'
import type { Outcome } from '../scenario/scenarios.ts'
import { type PlayedStep, playedSteps, readReports, round } from './steps.ts'

export type ReleaseDocument = {
  outcome: Outcome
  reasonCode: string
  version: string
  previous: string
  digest: string | null
  workflows: { name: string; result: string; jobs: { name: string; result: string; seconds: number }[] }[]
}

/** What `--json` prints. Times are seconds; `traffic` is the share of the last second. */
export type Document = ReleaseDocument & {
  scenario: string
  seed: number
  steps: PlayedStep[]
  traffic: { stable: number; canary: number }
  requests: { total: number; failed: number }
  detectedSeconds: number | null
  recoverySeconds: number | null
  files: string[]
  seconds: number
  releases: ReleaseDocument[]
  violations: string[]
}

export const writeDocument = (played: Played, files: string[]): Document => {
  const releases = releaseRuns(played).map((run) => releaseDocument(played, run))
  const shipped = releases.findIndex(({ outcome }) => outcome !== 'refused')
  const ordered =
    shipped > 0 ? [releases[shipped], ...releases.filter((_, index) => index !== shipped)] : releases
  const [first] = ordered
  if (!first) throw new Error('no release was started')
  return {
    ...first,
    scenario: played.arguments.scenario,
    seed: played.arguments.seed,
    steps: playedSteps(played),
    traffic: played.lastSecond,
    requests: { total: played.counts.stable + played.counts.canary, failed: played.counts.failed },
    detectedSeconds: detected(played),
    recoverySeconds: recovery(played),
    files,
    seconds: round((played.endedAt - played.startedAt) / 1000),
    releases: ordered.filter((one) => one !== undefined),
    violations: played.violations,
  }
}

const releaseRuns = (played: Played): PlayedRun[] =>
  played.runs.filter(({ workflow }) => workflow.endsWith('release.yml'))

const releaseDocument = (played: Played, run: PlayedRun): ReleaseDocument => {
  const own = played.record.filter((event) => event.run?.id === run.id)
  const planned = own.find(({ kind }) => kind === 'planned')
  const exposed = own.some(({ kind }) => kind === 'started')
  const events = exposed ? played.record.filter(({ release }) => release === planned?.release) : own
  const outcome = outcomeOf(played, run, events, exposed)
  const runs = played.runs.filter((one) => one === run || (exposed && !one.workflow.endsWith('release.yml')))
  return {
    outcome,
    reasonCode: outcome === 'released' ? 'released' : reasonOf(played, run, events),
    version: planned?.release ?? played.preview.version,
    previous: played.preview.previous,
    digest: planned?.digest ?? null,
    workflows: runs.map(({ workflow, conclusion, jobs }) => ({
      name: workflow.replace(/^.github.workflows.(rehearsed-)?/, ''),
      result: conclusion,
      jobs: jobs.map(({ name, result, seconds }) => ({ name, result, seconds: round(seconds) })),
    })),
  }
}

const outcomeOf = (played: Played, run: PlayedRun, events: RecordedEvent[], exposed: boolean): Outcome => {
  const kinds = new Set(events.map(({ kind }) => kind))
  if (played.violations.length > 0) return 'failed'
  if (!exposed)
    return run.conclusion === 'failure' && played.counts.canary === 0
      ? 'refused'
      : refusedBesideAnother(played, run)
  if (kinds.has('completed'))
    return played.finalWeight === 100 && run.conclusion === 'success' ? 'released' : 'failed'
  const back = played.finalWeight === 0 && played.lastSecond.canary === 0
  return kinds.has('rolled-back') && back ? 'rolled-back' : 'failed'
}

/** The traffic belongs to the other release; this one never took the lease. */
const refusedBesideAnother = (played: Played, run: PlayedRun): Outcome =>
  run.conclusion === 'failure' && releaseRuns(played).length > 1 ? 'refused' : 'failed'

/** The reason of the event that ended the release, else of the action that made its job red. */
const reasonOf = (played: Played, run: PlayedRun, events: RecordedEvent[]): string => {
  const ending = [
    'rejected',
    'refused',
    'deployment-failed',
    'rolled-back',
    'execution-failed',
    'planning-failed',
  ]
  const recorded = events.find(
    ({ kind, data }) => ending.includes(kind) && typeof data['reason'] === 'string',
  )
  if (recorded) return String(recorded.data['reason'])
  const red = played.events.find(
    (event) =>
      event.runId === run.id &&
      event.type === 'annotation' &&
      event.level === 'error' &&
      /^relman /.test(event.title ?? ''),
  )
  return red?.type === 'annotation' ? (red.title?.split(': ')[1] ?? 'unknown') : 'unknown'
}

/** From the fault to the first unhealthy verdict. */
const detected = (played: Played): number | null => {
  const unhealthy = readReports(played).find(({ word }) => word === 'unhealthy')
  return unhealthy && played.firstFaultAt !== null ? round((unhealthy.at - played.firstFaultAt) / 1000) : null
}

/** From the first unhealthy verdict, cancel or loss to the last request that the new version served. */
const recovery = (played: Played): number | null => {
  if (played.finalWeight !== 0 || played.lastCanaryAt === null) return null
  const unhealthy = readReports(played).find(({ word }) => ['unhealthy', 'inconclusive'].includes(word))
  const from = played.acts[0]?.at ?? unhealthy?.at
  return from === undefined ? null : Math.max(0, round((played.lastCanaryAt - from) / 1000))
}
