import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openStage, type Stage } from '../canary-step/stage.ts'

let stage: Stage
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relman-file-'))
})
afterEach(async () => {
  await stage.close()
  rmSync(folder, { recursive: true, force: true })
})

const begin = 1_790_000_000
const rollout = { steps: [{ weight: 25, margin: '1 %', min: 1, max: 60 }], look: 10, history: 200, warmup: 0 }
const checks = [{ kind: 'ratio', name: 'errors' }]
const open = async () => {
  stage = await openStage({
    policy: { metrics: { file: { path: join(folder, 'seen.jsonl') }, checks } },
    rollout,
  })
}
const arm = (name: string, instances: number, requests: number, per: number, at: number) =>
  Array.from({ length: instances }, (_, index) => ({
    instance: `${name}-${index}`,
    total: requests,
    events: Math.floor(((at + 1) * requests) / per) - Math.floor((at * requests) / per),
  }))
/** One line each ten seconds; `per` requests are one error of the new version. */
const line = (at: number, per: number) =>
  JSON.stringify({
    schema: 1,
    metric: 'errors',
    kind: 'ratio',
    from: begin + at * 10,
    to: begin + at * 10 + 10,
    weight: at < 0 ? 0 : 25,
    canary: at < 0 ? [] : arm('new', 2, 250, per, at),
    stable: arm('old', 6, 250, 500, at + 100),
  })
const write = (per: number) => {
  const lines = Array.from({ length: 60 }, (_, at) => line(at - 20, per))
  writeFileSync(join(folder, 'seen.jsonl'), `${lines.join('\n')}\n`)
}
const judge = async (env: Record<string, string> = {}) => {
  const window = { deployment: '', since: String(begin), until: String(begin + 400), weight: '25' }
  const { status, outputs, summary } = await stage.run('verify-metrics', window, {
    RUNNER_TEMP: folder,
    ...env,
  })
  return { verdict: [status, outputs['verdict'], outputs['reason-code']], summary }
}

test('V1: observations from a file are judged like any provider, and what is half written is waited for', async () => {
  await open()
  write(500)
  appendFileSync(join(folder, 'seen.jsonl'), line(40, 500).slice(0, 60))
  expect((await judge()).verdict).toEqual([0, 'healthy', 'proven'])
  write(12)
  expect((await judge()).verdict).toEqual([1, 'unhealthy', 'error-rate-above-margin'])
}, 60_000)

test('V5: a file that is missing is down; one that holds nothing of the window, or nonsense, proves nothing and says so', async () => {
  await open()
  expect((await judge()).verdict).toEqual([1, 'inconclusive', 'metrics-down'])
  writeFileSync(join(folder, 'seen.jsonl'), `${line(-5, 500)}\n{"metric":"errors"}\n<img src=x>\n`)
  const { verdict, summary } = await judge()
  expect(verdict).toEqual([1, 'inconclusive', 'no-data'])
  expect(summary).toMatch(/line 2 is no observation/)
  expect(summary).toMatch(/line 3 is not JSON/)
}, 60_000)

test('V5: a window whose numbers end before it does is not healthy, and the page says since when', async () => {
  await open()
  const lines = Array.from({ length: 40 }, (_, at) => line(at - 20, 500))
  writeFileSync(join(folder, 'seen.jsonl'), `${lines.join('\n')}\n`)
  const { verdict, summary } = await judge()
  expect(verdict).toEqual([1, 'inconclusive', 'metric-vanished'])
  expect(summary).toContain(`errors: no data since ${new Date((begin + 200) * 1000).toISOString()}`)
}, 60_000)

test('V4, V5: neither instances that die in their warm-up nor clients that ask again and again hide a failing version', async () => {
  stage = await openStage({
    policy: { metrics: { file: { path: join(folder, 'seen.jsonl') }, checks } },
    rollout: { ...rollout, warmup: 60 },
  })
  const seen = (of: (at: number) => object[]) =>
    writeFileSync(
      join(folder, 'seen.jsonl'),
      Array.from({ length: 60 }, (_, index) => index - 20)
        .map((at) => ({ ...JSON.parse(line(at, 500)), ...(at < 0 ? {} : { canary: of(at) }) }))
        .map((one) => `${JSON.stringify(one)}\n`)
        .join(''),
    )
  const failing = (name: string, requests: number, age: number) => [
    { instance: name, total: requests, events: Math.round(0.6 * requests), age },
  ]
  seen((at) => [...arm('new', 2, 250, 500, at), ...failing(`killed-${at}`, 400, 10)])
  expect((await judge()).verdict).toEqual([1, 'unhealthy', 'error-rate-above-margin'])
  seen(() => failing('new', 3000, 600))
  expect((await judge()).verdict).toEqual([1, 'unhealthy', 'error-rate-above-margin'])
}, 60_000)

test('V7: a pipe in place of a file of traces is refused, not waited for', async () => {
  await open()
  execFileSync('mkfifo', [join(folder, 'seen.jsonl')])
  const { status, outputs } = await stage.run('verify-metrics', { deployment: '' }, { RUNNER_TEMP: folder })
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'error', 'configuration-error'])
  expect(JSON.parse(outputs['result'] ?? '{}').message).toMatch(/seen\.jsonl is no file$/)
}, 60_000)

test('V7: a file of traces gets one verdict a line, the same as relman replay', async () => {
  await open()
  const pod = (name: string, requests: number, per: number) => ({
    pod: name,
    requests: Array.from({ length: 40 }, () => requests),
    errors: Array.from(
      { length: 40 },
      (_, at) => Math.floor(((at + 1) * requests) / per) - Math.floor((at * requests) / per),
    ),
  })
  const trace = (name: string, per: number) => {
    const stable = Array.from({ length: 8 }, (_, at) => pod(`s${at}`, 1500, 900 + at))
    return JSON.stringify({
      name,
      interval: 15,
      weight: 25,
      arms: { canary: [pod('c', 4000, per)], stable },
      history: stable,
    })
  }
  const file = join(folder, 'seen.jsonl')
  writeFileSync(file, `${trace('fine | one', 901)}\n${trace('bad', 40)}\nnot json\n{"name":"broken"}\n`)
  const { status, outputs, summary } = await stage.run(
    'verify-metrics',
    { deployment: '' },
    { RUNNER_TEMP: folder },
  )
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([0, 'replayed', 'traces-judged'])
  expect(JSON.parse(outputs['result'] ?? '{}')).toMatchObject({
    data: { traces: 4, healthy: 1, unhealthy: 1, inconclusive: 2 },
  })
  expect(summary).toContain('| bad | unhealthy |')
  const config = join(folder, 'relman.yml')
  writeFileSync(
    config,
    JSON.stringify({ rollout: { ...rollout, drain: 0.5 }, metrics: { file: { path: 'x' }, checks } }),
  )
  const relman = join(process.env['RELMAN_DIST'] ?? join(import.meta.dirname, '../../../dist'), 'relman')
  const { stdout } = spawnSync(process.execPath, [relman, 'replay', '--config', config, '--traces', file], {
    encoding: 'utf8',
  })
  expect(readFileSync(outputs['verdict-file'] ?? '', 'utf8')).toBe(stdout)
  expect(stdout.trim().split('\n')).toHaveLength(4)
}, 60_000)
