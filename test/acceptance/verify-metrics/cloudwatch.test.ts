import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openStage, type Stage } from '../canary-step/stage.ts'

// A program named `aws`, with requests and answers of the published model; the real one is asked in .ci/checks/42.
let stage: Stage
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relman-aws-'))
})
afterEach(async () => {
  expect(stage.hub.violations).toEqual([])
  await stage.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Counts of each slice of a service with 400 requests a second on either side; `bad` is the canary's share of errors. */
const aws = (bad: number) => {
  const path = join(folder, 'aws')
  writeFileSync(
    path,
    `#!${process.execPath}
require('fs').appendFileSync(${JSON.stringify(join(folder, 'calls'))}, JSON.stringify(process.argv.slice(2)) + '\\n')
const input = JSON.parse(process.argv.at(-1))
const MetricDataResults = input.MetricDataQueries.map(({ Id, MetricStat: { Metric, Period, Stat } }) => {
  const Timestamps = [], Values = []
  const canary = Metric.Dimensions[0].Value === '1.2.0'
  for (let at = Date.parse(input.StartTime); at < Date.parse(input.EndTime) && at < Date.now(); at += Period * 1000) {
    const seed = (at / 1000) % 7
    Timestamps.push(new Date(at).toISOString())
    Values.push(Metric.MetricName === 'Requests' ? 400 * Period : canary ? Math.round((${bad} * 400 + seed / 7) * Period) : Math.round((0.3 + seed / 9) * Period))
  }
  return { Id, Label: Metric.MetricName, Timestamps, Values, StatusCode: 'Complete' }
})
console.log(JSON.stringify({ MetricDataResults, Messages: [] }))
`,
  )
  chmodSync(path, 0o755)
}
const query = (name: string) =>
  JSON.stringify({ Namespace: 'Shop', MetricName: name, Dimensions: { Version: '{{version}}' } })
const open = async (cloudwatch: Record<string, unknown>, rollout: Record<string, unknown>) => {
  const check = {
    kind: 'ratio',
    name: 'errors',
    ceiling: '5 %',
    total: query('Requests'),
    events: query('Errors'),
  }
  stage = await openStage({ policy: { metrics: { cloudwatch, checks: [check] } }, rollout })
}
const env = () => ({
  PATH: `${folder}${delimiter}${process.env['PATH']}`,
  RUNNER_TEMP: folder,
  AWS_REGION: 'eu-central-1',
})
const step = (max: number) => ({ steps: [{ weight: 50, margin: '2 %', min: 1, max }], warmup: 0 })
const window = () => {
  const now = Math.floor(Date.now() / 60_000) * 60
  return { deployment: '', since: String(now - 900), until: String(now - 180), weight: '50' }
}

test('V1: a window is judged from what aws tells: healthy, unhealthy, down', async () => {
  const rollout = { ...step(600), look: 60, history: 600 }
  const verdicts = []
  for (const bad of [0.001, 0.2]) {
    aws(bad)
    await open({ region: 'eu-central-1', delay: 60 }, rollout)
    const { status, outputs } = await stage.run('verify-metrics', window(), env())
    const reason = outputs['reason-code'] === 'proven' ? 'proven' : 'harm'
    verdicts.push([status, outputs['verdict'], reason])
    await stage.close()
  }
  expect(verdicts).toEqual([
    [0, 'healthy', 'proven'],
    [1, 'unhealthy', 'harm'],
  ])
  const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')
  expect(calls.every((call) => call.includes('"--no-paginate"') && call.includes('"eu-central-1"'))).toBe(
    true,
  )
  writeFileSync(
    join(folder, 'aws'),
    `#!${process.execPath}\nconsole.error('An error occurred (AccessDenied) when calling the GetMetricData operation')\nprocess.exit(254)\n`,
  )
  await open({ region: 'eu-central-1', delay: 60 }, rollout)
  const { status, outputs } = await stage.run('verify-metrics', window(), env())
  expect([status, outputs['verdict'], outputs['reason-code']]).toEqual([1, 'inconclusive', 'metrics-down'])
  expect(JSON.parse(outputs['result'] ?? '{}').message).toMatch(/^aws: An error occurred \(AccessDenied\)/)
}, 60_000)

test('V1, V5: a runner without aws is told which program is missing', async () => {
  await open({ region: 'eu-central-1' }, { ...step(600), look: 60, history: 600 })
  const { outputs } = await stage.run('verify-metrics', window(), { ...env(), PATH: join(folder, 'nothing') })
  expect([outputs['verdict'], outputs['reason-code']]).toEqual(['inconclusive', 'metrics-down'])
  expect(JSON.parse(outputs['result'] ?? '{}').message).toMatch(/the program "aws" cannot be run/)
}, 60_000)

test('V1: a release walks on figures that come in slices and late', async () => {
  aws(0.001)
  const slices = { region: 'eu-central-1', interval: 1, delay: 2 }
  await open(slices, { ...step(40), look: 0.7, history: 60, drain: 0.5 })
  const good = await stage.run('canary-step', {}, env())
  expect([good.outputs['decision'], good.outputs['decision'] === 'done' ? '' : good.log]).toEqual([
    'done',
    '',
  ])
  await stage.close()
  aws(0.2)
  await open(slices, { ...step(40), look: 0.7, history: 60, drain: 0.5 })
  const bad = await stage.run('canary-step', {}, env())
  expect([bad.status, bad.outputs['decision'], bad.outputs['weight']]).toEqual([1, 'returned', '0'])
  // Either may be proven first.
  expect(['error-rate-above-margin', 'ceiling-exceeded']).toContain(bad.outputs['reason-code'])
}, 120_000)
