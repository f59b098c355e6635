import type { MetricCheck } from '../../config/metrics-policy.ts'
import type { CloudWatchPolicy } from '../../config/metrics-providers.ts'
import type { MetricsProvider } from '../../ports/metrics.ts'
import type { RunProcess } from '../../ports/process.ts'
import { cut } from '../../text/visible.ts'
import { isPlainVariable } from '../process/child-environment.ts'
import { answerSchema, messagesOf, type Result, seriesOf } from './cloudwatch-answer.ts'
import { type Asked, queriesOf } from './cloudwatch-query.ts'
import type { Versions } from './slices/arms.ts'
import { openSlices } from './slices/open-slices.ts'
import type { SliceAnswer } from './slices/source.ts'

export type CloudWatchAccess = {
  policy: CloudWatchPolicy
  checks: readonly MetricCheck[]
  versions: Versions
  cwd: string
  env: Record<string, string | undefined>
  /** Unix milliseconds. */
  now: () => number
}

/** CloudWatch's own limit of one call. */
const queriesAtOnce = 500
/** A point is printed in about 70 characters, and what a program prints is kept up to 1 MB. */
const pointsAtOnce = 10_000
const mostPages = 50
/** How long slices of less than a minute are kept. */
const fineFor = 3 * 3600

/** CloudWatch through the `aws` of the runner, with whatever credentials the job has; nothing is written there. */
export const openCloudWatch = (access: CloudWatchAccess, run: RunProcess): MetricsProvider => {
  const { policy, checks, versions, now } = access
  const { interval, delay } = policy
  const read = async (from: number, to: number, signal?: AbortSignal): Promise<SliceAnswer> => {
    const all = checks.flatMap((check) => queriesOf(check, versions, interval))
    const asked = new Map(all.map((one, at): [string, Asked] => [`q${at}`, one]))
    const results: Result[] = []
    const notes: string[] = []
    const entries = [...asked]
    const late = AbortSignal.timeout(policy.timeout * 1000)
    const stop = signal ? AbortSignal.any([signal, late]) : late
    const call = { from, to, stop, timeout: policy.timeout, late, signal }
    for (let at = 0; at < entries.length; at += queriesAtOnce) {
      const queries = entries.slice(at, at + queriesAtOnce).map(([Id, { request }]) => ({ Id, ...request }))
      let token: string | undefined
      for (let page = 0; page === 0 || token; page += 1) {
        if (page === mostPages)
          throw new Error(
            `CloudWatch answers on more than ${mostPages} pages; ask for fewer metrics or instances`,
          )
        const answer = await ask(access, run, queries, call, token)
        results.push(...answer.MetricDataResults)
        notes.push(...messagesOf(answer.Messages))
        token = answer.NextToken
      }
    }
    if (interval < 60 && from < now() / 1000 - fineFor)
      notes.push(`CloudWatch keeps slices of less than 60 s for 3 hours; what is older than that is not seen`)
    const read = seriesOf(results, asked, interval)
    return { series: read.series, notes: [...notes, ...read.notes] }
  }
  return openSlices({ source: { interval, delay, read }, checks, versions, now })
}

type Call = {
  from: number
  to: number
  timeout: number
  stop: AbortSignal
  late: AbortSignal
  signal: AbortSignal | undefined
}

const ask = async (
  { policy, cwd, env }: CloudWatchAccess,
  run: RunProcess,
  queries: readonly object[],
  { from, to, timeout, stop, late, signal }: Call,
  token: string | undefined,
) => {
  const input = {
    MetricDataQueries: queries,
    StartTime: new Date(from * 1000).toISOString(),
    EndTime: new Date(to * 1000).toISOString(),
    ScanBy: 'TimestampAscending',
    MaxDatapoints: pointsAtOnce,
    ...(token ? { NextToken: token } : {}),
  }
  const { code, stdout, stderr } = await run(
    [
      ...['aws', 'cloudwatch', 'get-metric-data', '--no-paginate', '--output', 'json'],
      ...(policy.region ? ['--region', policy.region] : []),
      ...['--cli-input-json', JSON.stringify(input)],
    ],
    {
      env: { AWS_PAGER: '', AWS_CLI_AUTO_PROMPT: 'off', AWS_MAX_ATTEMPTS: env['AWS_MAX_ATTEMPTS'] ?? '2' },
      inherits: (name) => isPlainVariable(name) || name.startsWith('AWS_'),
      cwd,
      signal: stop,
    },
  ).catch((error: unknown) => {
    if (late.aborted && !signal?.aborted) throw new Error(`aws did not finish within ${timeout} s`)
    throw error
  })
  if (code !== 0)
    throw new Error(`aws: ${cut(stderr.trim().split('\n').at(-1) ?? '', 300) || `status ${code}`}`)
  const answer = answerSchema.safeParse(parse(stdout))
  if (!answer.success) throw new Error('aws printed something that is not an answer of get-metric-data')
  return answer.data
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
