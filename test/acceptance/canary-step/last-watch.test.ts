import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from '@jest/globals'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
afterEach(async () => {
  expect(stage.hub.violations).toEqual([])
  await stage.close()
})

const words = () => stage.statuses().map((line) => line.split(' ')[3])
/** One short step, then a last watch of so many seconds. */
const steps = (seconds: number, most = seconds) => ({
  steps: [
    { weight: 50, margin: '0.5 %', min: 1, max: 12 },
    { weight: 100, margin: '0.5 %', min: seconds, max: most },
  ],
})

test('B1, V2: errors over the ceiling at 100 % return the traffic though the stable version shows nothing any more', async () => {
  stage = await openStage({ rollout: steps(20) })
  const running = stage.start('canary-step')
  await stage.until(() => stage.statuses().some((line) => / 100 confirmed /.test(line)))
  stage.service.faults.metrics = 'canary-only'
  stage.service.faults.errors = { canary: 0.06, stable: 0.001 }
  const { outputs, status, summary } = await running.done
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'returned', 'ceiling-exceeded'])
  expect(stage.service.weight()).toBe(0)
  expect(words().slice(-3)).toEqual(['unhealthy', 'returning', 'returned'])
  expect(summary).toMatch(/errors limit: an absolute ceiling is exceeded/)
}, 60_000)

test('V5: a provider that stays down in the last watch is named with the time since when, and nothing is called done', async () => {
  stage = await openStage({ rollout: steps(3, 6) })
  const running = stage.start('canary-step')
  await stage.until(() => stage.statuses().some((line) => / 100 confirmed /.test(line)))
  await new Promise((done) => setTimeout(done, 700))
  const since = Date.now()
  stage.service.faults.metrics = 'html'
  const { outputs, status, summary, log } = await running.done
  expect([status, outputs['decision'], outputs['reason-code'], outputs['verdict']]).toEqual([
    1,
    'returned',
    'metrics-down',
    'inconclusive',
  ])
  expect([stage.service.weight(), words().includes('done')]).toEqual([0, false])
  expect(log).toMatch(/step 2 at 100 %: inconclusive \(metrics-down\); .*; not all seen yet, \d s left/)
  const { data, message } = JSON.parse(outputs['result'] ?? '{}')
  const who = stage.service.url
  const [{ what, from, to }] = data.unanswered
  expect([what[0].startsWith(who), to, Math.abs(from * 1000 - since) < 1500]).toEqual([true, null, true])
  const clock = new Date(from * 1000).toISOString().slice(11, 19)
  for (const text of [message, summary])
    expect(text).toContain(`nothing is known of the time since ${clock} UTC`)
  const file = JSON.parse(readFileSync(outputs['verdict-file'] ?? '', 'utf8'))
  expect([file.verdict, file.reason, file.unanswered]).toEqual([
    'inconclusive',
    'metrics-down',
    data.unanswered,
  ])
}, 60_000)

test('V5: a provider that comes back is read for the time it was away, then the release is done and says so', async () => {
  stage = await openStage({ rollout: steps(3, 30) })
  const running = stage.start('canary-step')
  await stage.until(() => stage.statuses().some((line) => / 100 confirmed /.test(line)))
  stage.service.faults.metrics = 'html'
  await stage.until(() => running.log().includes('not all seen yet,'))
  stage.service.faults.metrics = 'up'
  const { outputs, status } = await running.done
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([0, 'done', 'completed'])
  const { data, message } = JSON.parse(outputs['result'] ?? '{}')
  expect(message).toMatch(
    /100 % of the traffic; .*no answer from [\d:]+ UTC to [\d:]+ UTC, which was read afterwards/,
  )
  expect(data.unanswered).toHaveLength(1)
}, 60_000)
