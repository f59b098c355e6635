import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

const dist = process.env['RELMAN_DIST'] ?? join(import.meta.dirname, '../../../dist')
const folder = mkdtempSync(join(tmpdir(), 'relman-replay-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const buckets = 40
/** Counts that are neither random nor all alike; `every` is the requests per error. */
const pod = (name: string, requests: number, every: number, from = 0, badEvery = every) => ({
  pod: name,
  requests: Array.from({ length: buckets }, (_, i) => requests + ((i * 7) % 5)),
  errors: Array.from({ length: buckets }, (_, i) => {
    const gap = i >= from ? badEvery : every
    return Math.floor((requests * (i + 1)) / gap) - Math.floor((requests * i) / gap)
  }),
})
const stable = (prefix: string) =>
  Array.from({ length: 9 }, (_, i) => pod(`${prefix}-${i}`, 1500, 1000 + i * 7))
const trace = (name: string, canary: object[]) => ({
  name,
  interval: 15,
  margin: 0.002,
  weight: 10,
  arms: { canary, stable: stable('stable') },
  history: stable('stable'),
})

const traces = join(folder, 'traces.jsonl')
const config = join(folder, 'relman.yml')
const run = (...words: string[]) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(dist, 'relman'), 'replay', ...words], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 120_000,
  })
  const lines = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
  return { lines, stderr, status }
}
beforeAll(() => writeFileSync(config, 'metrics:\n  checks: []\n'))

describe('V7: replay of traces', () => {
  test('harmless, bad, bad from the fifth minute on, without a canary, broken: one verdict a line, in order', () => {
    const lines = [
      trace('harmless', [pod('canary', 1500, 1010)]),
      trace('bad', [pod('canary', 1500, 120)]),
      trace('late', [pod('canary', 1500, 1010, 20, 100)]),
      trace('empty', []),
      { name: 'broken', interval: 15, weight: 10, arms: { canary: 'none', stable: [] } },
    ].map((one) => JSON.stringify(one))
    writeFileSync(traces, `${[...lines, 'not json'].join('\n')}\n`)
    const { lines: verdicts, status } = run('--config', config, '--traces', traces)
    expect(status).toBe(0)
    expect(verdicts.map(({ name, verdict, reason }) => [name, verdict, reason])).toEqual([
      ['harmless', 'healthy', 'proven'],
      ['bad', 'unhealthy', 'error-rate-above-margin'],
      ['late', 'unhealthy', 'error-rate-above-margin'],
      ['empty', 'inconclusive', 'no-data'],
      ['broken', 'inconclusive', 'bad-data'],
      ['', 'inconclusive', 'bad-data'],
    ])
    const [harmless, bad, late, empty, broken] = verdicts
    expect(bad.at).toBeLessThanOrEqual(60)
    expect(late.at).toBeGreaterThan(300)
    expect(late.at).toBeLessThanOrEqual(390)
    expect([harmless.at % 15, empty.at]).toEqual([0, null])
    expect(bad.estimate).toBeGreaterThan(0.006)
    expect(bad.bounds[0]).toBeGreaterThan(-0.001)
    expect(bad.bounds[0]).toBeLessThan(bad.estimate)
    expect(bad.bounds[1]).toBeGreaterThan(bad.estimate)
    expect(broken.detail).toContain('arms.canary')
  })

  test('many traces on several threads: the same verdicts in the same order', () => {
    const many = Array.from({ length: 900 }, (_, i) =>
      JSON.stringify(trace(`trace-${i}`, [pod('canary', 1500, i % 3 === 0 ? 120 : 1010)])),
    )
    writeFileSync(traces, many.join('\n'))
    const { lines, status } = run('--config', config, '--traces', traces)
    expect(status).toBe(0)
    expect(lines.map(({ name }) => name)).toEqual(many.map((_, i) => `trace-${i}`))
    const verdicts = lines.map(({ verdict }) => verdict)
    expect(verdicts).toEqual(many.map((_, i) => (i % 3 === 0 ? 'unhealthy' : 'healthy')))
  }, 120_000)

  test('without a configuration the defaults judge, and that is said', () => {
    writeFileSync(traces, JSON.stringify(trace('bad', [pod('canary', 1500, 120)])))
    const { lines, stderr, status } = run('--traces', traces)
    expect([status, lines[0]?.verdict]).toEqual([0, 'unhealthy'])
    expect(stderr).toContain('there is no .github/relman.yml: the defaults judge')
  })

  test('the way that CONTRIBUTING shows to try the judge by hand works as it is written', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../CONTRIBUTING.md'), 'utf8')
    const script =
      page
        .split('```')
        .find((block) => block.includes('> traces.jsonl'))
        ?.replace(/^sh\n/, '') ?? ''
    const words = ['-euc', script.replace('dist/relman', '"$RELMAN"')]
    const env = { ...process.env, RELMAN: join(dist, 'relman') }
    const { stdout, status } = spawnSync('bash', words, { cwd: folder, encoding: 'utf8', env })
    const verdicts = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(verdicts.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['good', 'healthy'],
      ['bad', 'unhealthy'],
    ])
    expect(status).toBe(0)
  })

  test.each([
    [['--config', 'absent.yml', '--traces', 'absent.jsonl'], 'absent.yml'],
    [['--config', config], '--traces FILE.jsonl'],
    [['--trace', 'x'], '--trace'],
  ])('%s: one sentence and status 1', (words, named) => {
    const { stderr, status, lines } = run(...words)
    expect(status).toBe(1)
    expect(stderr).toContain(named)
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2)
    expect(lines).toEqual([])
  })
})
