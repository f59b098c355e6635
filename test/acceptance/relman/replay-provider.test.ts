import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type ReplayReport, replayReport } from '@relman/core/replay/replay-report'
import { length, openPast, tagReleases } from './past-world.ts'

const dist = process.env['RELMAN_DIST'] ?? join(import.meta.dirname, '../../../dist')
const folder = mkdtempSync(join(tmpdir(), 'relman-past-'))
const begin = 1_790_000_000
const until = new Date((begin + length) * 1000).toISOString()
const config = join(folder, 'relman.yml')

const run = (...words: string[]) =>
  new Promise<{ stdout: string; stderr: string; status: number | null }>((resolve) => {
    const child = spawn(process.execPath, [join(dist, 'relman'), 'replay', ...words])
    const told = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (chunk: string) => {
        told[stream] += chunk
      })
    child.once('close', (status) => resolve({ ...told, status }))
  })

beforeAll(() => {
  tagReleases(folder, begin)
  writeFileSync(
    config,
    `rollout:
  steps:
    - { weight: 10, margin: 1 %, min: 1m, max: 10m }
    - { weight: 50, margin: 0.5 %, min: 1m, max: 10m }
metrics:
  checks:
    - { kind: ratio, name: errors, total: requests_total, events: errors_total }
`,
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const common = ['--repo', folder, '--config', config, '--until', until]

describe('V7: replay straight from the metrics provider', () => {
  let report: ReplayReport
  let past: Awaited<ReturnType<typeof openPast>>
  beforeAll(async () => {
    past = await openPast(begin)
    const { stdout, status, stderr } = await run(
      '--prometheus',
      past.url,
      '--since',
      '2d',
      ...common,
      '--json',
    )
    expect([status, stderr.split('\n')[0]]).toEqual([0, 'replay: v1.1.0 (1 of 3)'])
    report = replayReport.parse(JSON.parse(stdout))
  }, 60_000)
  afterAll(() => past.close())

  test('V7: of each tag, what the criteria would have said, when, and how it was compared', () => {
    expect(report.releases.map(({ tag, comparison, verdict }) => [tag, comparison, verdict])).toEqual([
      ['v1.1.0', 'side by side', 'healthy'],
      ['v1.2.0', 'side by side', 'unhealthy'],
      ['v1.3.0', 'before and after', 'unhealthy'],
    ])
    const [, bad, sudden] = report.releases
    // Harm of 2.9 percentage points on 20 requests a second shows within minutes of its first sight.
    expect(bad?.seconds).toBeGreaterThan(0)
    expect(bad?.seconds).toBeLessThanOrEqual(240)
    expect([bad?.reason, sudden?.reason]).toEqual(['error-rate-above-margin', 'error-rate-above-margin'])
    expect(sudden?.words).toContain('another time')
  })

  test('V7: how often it would have cried wolf, with what it was asked of and the bound', () => {
    const [beside, after] = report.wolf
    expect(beside).toMatchObject({ comparison: 'side by side', cried: 0 })
    expect(after).toMatchObject({ comparison: 'before and after', cried: 0 })
    expect(beside?.among).toBeGreaterThanOrEqual(4)
    // Of no cries in n, 1 - 0.05^(1/n).
    expect(beside?.atMost).toBeCloseTo(1 - 0.05 ** (1 / (beside?.among ?? 1)), 6)
    for (const { at } of report.between)
      for (const release of [3, 6, 9]) expect(Math.abs(at - begin - release * 3600)).toBeGreaterThan(1200)
  })

  test('V7: no question is larger than a provider answers, and what it no longer knows is said', async () => {
    expect(Math.max(...past.spans)).toBeLessThanOrEqual(5000)
    expect(report.knownFrom).toBeGreaterThanOrEqual(begin)
    const { stdout } = await run('--prometheus', past.url, '--since', '40d', ...common, '--between', '2')
    expect(stdout).toMatch(/keeps only 0\.\d+ of the 40 days asked for/)
    expect(stdout).toContain('1 of 4 releases are older than the data')
    expect(stdout).toMatch(
      /\| v1\.2\.0 +\| 2026-\d\d-\d\d \d\d:\d\d \| side by side +\| return +\| [\d.]+ min +\|/,
    )
    expect(stdout).toContain('Before and after is the weaker comparison')
  }, 60_000)
})

test('V7: an outage without a release is a cry of wolf of the weaker comparison, and none side by side', async () => {
  const past = await openPast(begin, true)
  try {
    const { stdout } = await run('--prometheus', past.url, '--since', '12h', ...common, '--json')
    const { wolf, between } = replayReport.parse(JSON.parse(stdout))
    expect(wolf.map(({ cried }) => cried > 0)).toEqual([false, true])
    const [cry] = between.filter(({ verdict }) => verdict === 'unhealthy')
    expect(cry).toMatchObject({ comparison: 'before and after', reason: 'error-rate-above-margin' })
  } finally {
    await past.close()
  }
}, 60_000)

describe('V7: what cannot be replayed is one sentence and status 1', () => {
  test.each([
    [['--prometheus', 'localhost'], 'address of a Prometheus API'],
    [['--prometheus', 'http://127.0.0.1:1', '--since', '3 weeks'], 'duration like 90d'],
    [['--prometheus', 'http://127.0.0.1:1', '--between=-1'], '--between'],
    [['--prometheus', 'http://127.0.0.1:1', '--until', 'yesterday'], '2026-01-31T12:00:00Z'],
    [['--prometheus', 'http://127.0.0.1:1'], '127.0.0.1:1'],
    [['--prometheus', 'http://127.0.0.1:1', '--repo', 'absent'], 'absent'],
    [['--prometheus', 'http://127.0.0.1:1', '--wrong'], '--wrong'],
  ])('%j', async (words, named) => {
    const { stderr, stdout, status } = await run('--config', config, '--repo', folder, ...words)
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toContain(named)
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2)
  })

  test('a web page in place of the API is named as one', async () => {
    const { createServer } = await import('node:http')
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>please sign in</html>')
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as { port: number }
    const { stderr, status } = await run('--prometheus', `http://127.0.0.1:${port}`, ...common)
    await new Promise((done) => server.close(done))
    expect([status, stderr.includes('a web page')]).toEqual([1, true])
  })
})
