/** Half a day of a service whose past is known exactly: counters per version and instance, and the tags that it had. */

import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** From `at` on (seconds after the beginning): the share of requests that each version gets and loses. */
type Segment = { at: number; share: Record<string, number>; errors: Record<string, number> }

const hour = 3600
const quiet = 0.001
const rate = 200
const instances = 8

/** Good beside stable, bad beside stable until it was returned, and bad for everybody at once. */
export const releases = [
  { tag: 'v1.0.0', at: -30 * 24 * hour },
  { tag: 'v1.1.0', at: 3 * hour },
  { tag: 'v1.2.0', at: 6 * hour },
  { tag: 'v1.3.0', at: 9 * hour },
]
export const length = 12 * hour

const at = (
  seconds: number,
  share: Record<string, number>,
  errors: Record<string, number> = {},
): Segment => ({
  at: seconds,
  share,
  errors,
})
const [good, bad, sudden] = [3 * hour + 300, 6 * hour + 300, 9 * hour + 300]
const course: Segment[] = [
  at(0, { '1.0.0': 1 }),
  at(good, { '1.0.0': 0.9, '1.1.0': 0.1 }),
  at(good + 600, { '1.0.0': 0.5, '1.1.0': 0.5 }),
  at(good + 1200, { '1.1.0': 1 }),
  at(bad, { '1.1.0': 0.9, '1.2.0': 0.1 }, { '1.2.0': 0.03 }),
  at(bad + 600, { '1.1.0': 1 }),
  at(sudden, { '1.3.0': 1 }, { '1.3.0': 0.03 }),
]
/** Everything fails for a quarter of an hour, and no release did it. */
const outage = { from: 1.5 * hour, to: 1.75 * hour, errors: 0.3 }

/** What each instance has counted after so many seconds; an instance appears with its version and goes with it. */
export const countersAt = (seconds: number, withOutage = false) => {
  const sums = new Map<string, { total: number; bad: number; alive: boolean }>()
  for (const [index, segment] of course.entries()) {
    const end = Math.min(seconds, course[index + 1]?.at ?? length)
    for (const [version, share] of Object.entries(segment.share)) {
      const lasted = Math.max(0, end - segment.at)
      const failing = withOutage
        ? Math.max(0, Math.min(end, outage.to) - Math.max(segment.at, outage.from))
        : 0
      const usual = segment.errors[version] ?? quiet
      const known = sums.get(version) ?? { total: 0, bad: 0, alive: false }
      const total = known.total + rate * share * lasted
      const errors = known.bad + rate * share * (usual * (lasted - failing) + outage.errors * failing)
      const now = segment.at <= seconds && seconds < (course[index + 1]?.at ?? Number.POSITIVE_INFINITY)
      sums.set(version, { total, bad: errors, alive: known.alive || now })
    }
  }
  return [...sums].flatMap(([version, { total, bad: errors, alive }]) =>
    alive
      ? Array.from({ length: instances }, (_, i) => ({
          version,
          instance: `${version}-${i}`,
          total: Math.floor(total / instances + i / instances),
          bad: Math.floor(errors / instances + i / instances),
        }))
      : [],
  )
}

type Row = ReturnType<typeof countersAt>[number]

/** A Prometheus API on loopback that knows this past, and nothing before it. */
export const openPast = async (begin: number, withOutage = false) => {
  const spans: number[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const url = new URL(request.url ?? '/', 'http://localhost')
    const parameters = new URLSearchParams(request.method === 'POST' ? body : url.search)
    const query = parameters.get('query') ?? ''
    const [start = 0, end = 0, step = 1] = ['start', 'end', 'step'].map((name) =>
      Number(parameters.get(name)),
    )
    const points = Math.floor((end - start) / step) + 1
    spans.push(points)
    const answer = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    if (points > 11_000)
      return answer(400, {
        status: 'error',
        error: 'exceeded maximum resolution of 11,000 points per timeseries',
      })
    const by = /^sum by \(([^)]*)\)/.exec(query)?.[1]?.split(', ') ?? []
    const series = new Map<string, { metric: Record<string, string>; values: Map<number, number> }>()
    for (let point = 0; point < points; point += 1) {
      const moment = start + point * step
      const since = moment - begin
      if (since < 0 || since > length) continue
      for (const row of countersAt(since, withOutage)) {
        const metric = Object.fromEntries(by.map((label) => [label, String(row[label as keyof Row])]))
        const key = JSON.stringify(metric)
        const known = series.get(key) ?? { metric, values: new Map() }
        const value = query.includes('errors_total') ? row.bad : row.total
        known.values.set(moment, (known.values.get(moment) ?? 0) + value)
        series.set(key, known)
      }
    }
    const result = [...series.values()].map(({ metric, values }) => ({
      metric,
      values: [...values].map(([moment, value]) => [moment, String(value)]),
    }))
    return answer(200, { status: 'success', data: { resultType: 'matrix', result } })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Points of each range that was asked for. */
    spans,
    close: () => new Promise((done) => server.close(done)),
  }
}

/** A repository with these tags, each made when its release was. */
export const tagReleases = (folder: string, begin: number): void => {
  const git = (moment: number, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], {
      cwd: folder,
      env: {
        ...process.env,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_DATE: `${moment} +0000`,
        GIT_COMMITTER_DATE: `${moment} +0000`,
      },
    })
  git(begin, 'init', '-q', '-b', 'main')
  for (const { tag, at: seconds } of releases) {
    git(begin + seconds, 'commit', '-q', '--allow-empty', '-m', `feat: ${tag}`)
    git(begin + seconds, 'tag', '-a', tag, '-m', tag)
  }
  git(begin + 4 * hour, 'tag', 'nightly-build')
}
