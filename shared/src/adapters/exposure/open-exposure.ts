import { info, setSecret } from '@actions/core'
import type { Plan } from '../../plan/plan.ts'
import type { MetricsProvider } from '../../ports/metrics.ts'
import type { Prober } from '../../ports/prober.ts'
import type { TrafficRouter } from '../../ports/traffic.ts'
import type { RunContext } from '../../runtime/run-context.ts'
import { systemClock } from '../clock/system-clock.ts'
import { readJobFile } from '../files/read-job-file.ts'
import { writeJobFile } from '../files/write-job-file.ts'
import { openGitHub } from '../github/open-github.ts'
import { openRecordStore } from '../github/open-record-store.ts'
import { sentSecrets } from '../metrics/hide-secrets.ts'
import { openMetrics } from '../metrics/open.ts'
import { askHealth } from '../network/ask-health.ts'
import { openProber } from '../probes/open-prober.ts'
import { runProcess } from '../process/run-process.ts'
import { openTraffic } from '../traffic/open.ts'

/** Long enough for GitHub's short outages, short against a step; a way back does not wait for it. */
const budgetSeconds = 60

/**
 * Everything an action needs that exposes a version or takes it back. Driver and provider are opened once the plan is
 * known, since the plan names them. Nothing is reached before the first call; with `dryRun` nothing is ever written.
 */
export const openExposure = (input: { 'github-token': string; 'dry-run': boolean }, context: RunContext) => {
  const dryRun = input['dry-run']
  const options = { context, token: input['github-token'], dryRun, clock: systemClock, budgetSeconds }
  return {
    github: openGitHub(options),
    record: openRecordStore(options),
    clock: systemClock,
    run: runProcess,
    workspace: context.workspace,
    write: writeJobFile,
    ask: askHealth,
    read: (path: string) => readJobFile(context.workspace, path),
    log: (line: string) => info(`${new Date().toISOString().slice(11, 19)} ${line}`),
    openRouter: ({ policy, version, previous }: Plan): TrafficRouter =>
      openTraffic({
        policy: policy.traffic,
        version,
        previous: previous?.version ?? null,
        env: process.env,
        cwd: context.workspace,
        run: runProcess,
        dryRun,
        say: info,
      }),
    openProber: ({ policy, version, previous }: Plan): Prober | null =>
      openProber({
        policy: policy.metrics,
        version,
        previous: previous?.version ?? null,
        env: process.env,
        lookSeconds: policy.rollout.look,
      }),
    openProvider: ({ policy, version, previous, learnt }: Plan): MetricsProvider => {
      // The runner knows a secret as it was set, not in the forms in which it is sent. Without one, masking would print it.
      if (process.env['GITHUB_ACTIONS'] === 'true')
        for (const secret of sentSecrets(policy.metrics, process.env)) setSecret(secret)
      return openMetrics({
        policy: policy.metrics,
        version,
        previous: previous?.version ?? null,
        previousLiveAt: learnt?.previousLiveAt ?? null,
        env: process.env,
        cwd: context.workspace,
        run: runProcess,
      })
    },
  }
}
