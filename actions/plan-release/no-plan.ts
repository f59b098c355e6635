import type { Outcome } from '@relman/core/runtime/outcome'
import type { ReleaseSchedule } from '@relman/core/schedule/release-schedule'
import { showWork } from '@relman/core/schedule/show-ship-by'
import { taskRules } from '@relman/core/schedule/task'
import { code, inline } from '@relman/core/text/escape-markdown'
import type { Chosen } from './choose-version.ts'
import type { Range } from './find-range.ts'

/** The outputs where nothing is planned. */
export const empty = {
  version: '',
  previous: '',
  tag: '',
  digest: '',
  service: '',
  environment: '',
  sha: '',
  risk: '',
  signoffs: '[]',
  state: '',
  mode: '',
  'artifact-digest': '',
  components: '[]',
  plan: '',
  schedule: '',
}

/** Nothing is planned, and the job is red. */
export const refusal = (reasonCode: string, message: string, version = ''): Outcome => ({
  decision: 'refused',
  reasonCode,
  message,
  failed: true,
  outputs: empty,
  data: { version },
  summary: '',
})

const wayOut =
  'To look further or wider: `schedule.horizon`, `schedule.starts`, `schedule.notice`, a date beyond in `preferred-dates`, or a shorter freeze. Freezes do not hold a `hotfix` or `security` release that brings fixes only, unless their `exempt` says so.'

/** No window is free (row P10), or none in time that is safe (row P11): what stands against each, by day, and what the work allows. */
export const noWindow = (
  { data: { why, refused, shipBy, type }, late }: { data: ReleaseSchedule; late: boolean },
  version: string,
): Outcome => ({
  ...refusal(late ? 'too-late' : 'no-window', why, version),
  data: { version, refused },
  summary: `# No window for ${inline(version)}\n\n${inline(why, 500)}${shipBy ? `\n\n${showWork(shipBy, taskRules[type])}` : ''}\n\n${refused.map((line) => `- ${inline(line, 500)}`).join('\n')}${late || refused.length === 0 ? '' : `\n\n${wayOut}`}`,
})

/** Nothing to release: a good end. The summary says what was looked at, so that nobody needs to wonder. */
export const noRelease = (chosen: Chosen, { previous, commits }: Range, sha: string): Outcome => {
  const since = previous ? `since ${previous.tag}` : 'in this history'
  const message = `no release is needed: ${chosen.notes.at(-1) ?? 'nothing changed'} (${commits.length} commits ${since})`
  const rows = chosen.why
    .slice(0, 50)
    .map((row) => `| ${code(row.sha.slice(0, 7))} ${inline(row.subject, 100)} | ${inline(row.rule)} |`)
  const table = rows.length > 0 ? `\n\n| change | rule |\n|---|---|\n${rows.join('\n')}` : ''
  return {
    decision: 'no-release',
    reasonCode: 'no-release-needed',
    message,
    failed: false,
    outputs: { ...empty, previous: previous?.version ?? '', sha },
    data: { sha, previous, commits: commits.length },
    summary: `# No release is needed\n\n${inline(message, 500)}${table}\n\nA change of configuration or infrastructure without a new version ships through its own pipeline. To release anyway, set \`type\`.`,
  }
}
