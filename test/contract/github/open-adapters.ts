import { openGitHub } from '@relman/core/adapters/github/open-github'
import { openRecordStore } from '@relman/core/adapters/github/open-record-store'
import type { Clock } from '@relman/core/ports/clock'
import { readRunContext } from '@relman/core/runtime/run-context'
import type { Permission } from '../../../rehearsal/github/hub.ts'
import type { World } from '../../rehearsal/github/world.ts'

/** A clock whose sleeps end at once and are counted. */
export const countingClock = (start = Date.now()): Clock & { slept: number[] } => {
  const slept: number[] = []
  let skipped = 0
  return {
    slept,
    now: () => start + skipped,
    sleep: async (milliseconds) => {
      slept.push(milliseconds)
      skipped += milliseconds
    },
  }
}

/** The product's adapters on a rehearsed GitHub, with a job's token. */
export const openAdapters = (
  { hub }: Pick<World, 'hub'>,
  permissions: Record<string, Permission>,
  more: {
    dryRun?: boolean
    clock?: Clock
    runId?: number
    branch?: string
    budgetSeconds?: number
    requestSeconds?: number
    signal?: AbortSignal
  } = {},
) => {
  const context = readRunContext({
    GITHUB_REPOSITORY: `${hub.owner}/${hub.repo}`,
    GITHUB_API_URL: hub.apiUrl,
    GITHUB_GRAPHQL_URL: hub.graphqlUrl,
    GITHUB_SERVER_URL: hub.serverUrl,
    GITHUB_ACTOR: 'ada',
    GITHUB_RUN_ID: String(more.runId ?? 1),
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_WORKFLOW_REF: `${hub.owner}/${hub.repo}/.github/workflows/release.yml@refs/heads/main`,
    GITHUB_JOB: 'gate',
  })
  const token = hub.mintToken({ actor: 'ada', kind: 'job', permissions })
  const { dryRun = false, clock = countingClock(), branch, budgetSeconds, requestSeconds, signal } = more
  const options = { context, token, dryRun, clock, budgetSeconds, requestSeconds, signal }
  return {
    context,
    github: openGitHub(options),
    store: openRecordStore(branch === undefined ? options : { ...options, branch }),
  }
}
