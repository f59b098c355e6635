import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { replayReport } from '@relman/core/replay/replay-report'
import { countersAt, length, tagReleases } from '../acceptance/relman/past-world.ts'
import { type RealPrometheus, startRealPrometheus } from '../rehearsal/service/prometheus/real-prometheus.ts'

jest.setTimeout(60_000)

const dist = process.env['RELMAN_DIST'] ?? join(import.meta.dirname, '../../dist')
const folder = mkdtempSync(join(tmpdir(), 'relman-past-'))
const begin = 1_790_000_000
let real: RealPrometheus

/** The past of `past-world` as a scrape every 15 s would have stored it. */
const samples = (): string => {
  const lines = { requests: [] as string[], errors: [] as string[] }
  for (let at = 0; at <= length; at += 15)
    for (const { version, instance, total, bad } of countersAt(at)) {
      const labels = `{version="${version}",instance="${instance}"}`
      lines.requests.push(`requests_total${labels} ${total} ${begin + at}`)
      lines.errors.push(`errors_total${labels} ${bad} ${begin + at}`)
    }
  // A family's samples stand together, each series' in order of time.
  const sorted = (rows: string[]) =>
    rows.sort((a, b) => (a.split(' ')[0] ?? '').localeCompare(b.split(' ')[0] ?? ''))
  return [
    '# TYPE requests counter',
    ...sorted(lines.requests),
    '# TYPE errors counter',
    ...sorted(lines.errors),
    '# EOF\n',
  ].join('\n')
}

beforeAll(async () => {
  tagReleases(folder, begin)
  writeFileSync(
    join(folder, 'relman.yml'),
    `rollout:
  steps:
    - { weight: 10, margin: 1 %, min: 1m, max: 10m }
    - { weight: 50, margin: 0.5 %, min: 1m, max: 10m }
metrics:
  checks:
    - { kind: ratio, name: errors, total: requests_total, events: errors_total }
`,
  )
  real = await startRealPrometheus({ samples: samples(), flags: ['--storage.tsdb.retention.time=100y'] })
})
afterAll(async () => {
  await real?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('V7: the past of a real Prometheus says of each release what a loopback server says', async () => {
  const until = new Date((begin + length) * 1000).toISOString()
  const words = ['--prometheus', real.url, '--since', '90d', '--until', until, '--repo', folder, '--json']
  const child = spawn(process.execPath, [
    join(dist, 'relman'),
    'replay',
    '--config',
    join(folder, 'relman.yml'),
    ...words,
  ])
  let text = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk
  })
  const status = await new Promise((done) => child.once('close', done))
  expect([status, errors.includes('rror')]).toEqual([0, false])
  const { releases, wolf, knownFrom } = replayReport.parse(JSON.parse(text))
  expect(releases.map(({ tag, comparison, verdict }) => [tag, comparison, verdict])).toEqual([
    ['v1.1.0', 'side by side', 'healthy'],
    ['v1.2.0', 'side by side', 'unhealthy'],
    ['v1.3.0', 'before and after', 'unhealthy'],
  ])
  // Searched in steps of 90 days over a thousand.
  expect(Math.abs((knownFrom ?? 0) - begin)).toBeLessThanOrEqual(7800)
  for (const { cried, among } of wolf) {
    expect(cried).toBe(0)
    expect(among).toBeGreaterThan(0)
  }
})
