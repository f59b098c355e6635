import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readDatedTags } from '@relman/core/adapters/git/read-dated-tags'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import { readConfig } from '@relman/core/config/read-config'
import { duration } from '@relman/core/config/units'
import { pastReleases } from '@relman/core/replay/past-releases'
import { replayPast } from '@relman/core/replay/replay-past'
import { showReplay } from '@relman/core/replay/replay-report'
import { openPastMetrics } from './past-metrics.ts'
import { readText } from './read-text.ts'

const text = { type: 'string' } as const
const options = {
  prometheus: text,
  since: { ...text, default: '90d' },
  until: text,
  repo: { ...text, default: '.' },
  config: text,
  between: { ...text, default: '40' },
  json: { type: 'boolean', default: false },
} as const

/**
 * `relman replay --prometheus URL --since 90d --repo DIR`: what the criteria would have said of each release of the
 * repository, and how often they would have cried wolf between them. A table, or with `--json` a `ReplayReport`.
 *
 * @throws ConfigurationError when an option, the configuration or the repository is wrong; Error when the provider fails
 */
export const replayProvider = async (words: string[]): Promise<void> => {
  const values = parsed(words)
  const url = addressOf(values.prometheus)
  const path = values.config ?? join(values.repo, '.github/relman.yml')
  const config = readConfig(readText(path), path)
  const { rollout, metrics, service = 'service' } = config
  if (!metrics || metrics.checks.length === 0)
    throw new ConfigurationError(`${path}: metrics.checks is empty, so there is nothing to replay`)
  const until = momentOf(values.until)
  const since = until - secondsOf(values.since)
  const releases = pastReleases(await readDatedTags(values.repo), service)
  const report = await replayPast(
    { rollout, metrics },
    releases,
    openPastMetrics(metrics, url, process.env),
    { since, until, between: countOf(values.between) },
    (line) => process.stderr.write(`replay: ${line}\n`),
  )
  process.stdout.write(`${values.json ? JSON.stringify(report) : showReplay(report)}\n`)
}

const parsed = (words: string[]) => {
  try {
    return parseArgs({ args: words, options }).values
  } catch (error) {
    throw new ConfigurationError(`replay: ${error instanceof Error ? error.message : error}`)
  }
}

const addressOf = (address: string | undefined): string => {
  if (address !== undefined && URL.canParse(address) && /^https?:/.test(address)) return address
  throw new ConfigurationError(
    'replay: --prometheus needs the address of a Prometheus API, such as http://localhost:9090',
  )
}

const secondsOf = (words: string): number => {
  const seconds = duration.safeParse(words).data
  if (seconds !== undefined && seconds > 0) return seconds
  throw new ConfigurationError(
    `replay: --since: write a duration like 90d or 12h, not ${JSON.stringify(words)}`,
  )
}

const momentOf = (words: string | undefined): number => {
  if (words === undefined) return Math.floor(Date.now() / 1000)
  const at = Date.parse(words) / 1000
  if (Number.isFinite(at)) return at
  throw new ConfigurationError(
    `replay: --until: write a time like 2026-01-31T12:00:00Z, not ${JSON.stringify(words)}`,
  )
}

const countOf = (words: string): number => {
  const count = Number(words)
  if (Number.isInteger(count) && count >= 0 && count <= 1000) return count
  throw new ConfigurationError(
    `replay: --between: write a whole number up to 1000, not ${JSON.stringify(words)}`,
  )
}
