import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openStage, type Stage } from '../canary-step/stage.ts'

let stage: Stage
let folder = ''
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relman-window-'))
  stage = await openStage({
    policy: {
      metrics: { file: { path: join(folder, 'seen.jsonl') }, checks: [{ kind: 'ratio', name: 'errors' }] },
    },
    rollout: {
      ...{ look: 15, history: 1800, warmup: 0 },
      steps: [
        { weight: 1, margin: '1 %', max: 900 },
        { weight: 50, margin: '0.1 %', max: 900 },
      ],
    },
  })
})
afterEach(async () => {
  await stage.close()
  rmSync(folder, { recursive: true, force: true })
})

const begin = 1_790_000_000
const looks = 40
const arm = (name: string, instances: number, requests: number, share: number, at: number) =>
  Array.from({ length: instances }, (_, index) => ({
    instance: `${name}-${index}`,
    total: requests,
    events:
      Math.floor((at + 1) * requests * share + index / instances) -
      Math.floor(at * requests * share + index / instances),
  }))
type Canary = { requests: number; share: number }
/** Half an hour of the stable version alone, then ten minutes at 50 %. */
const judge = async (canary: (look: number) => Canary, weight = '50') => {
  const line = (at: number) => {
    const { requests, share } = canary(at)
    const before = at < 0
    const span = { from: begin + at * 15, to: begin + at * 15 + 15, weight: before ? 0 : 50 }
    const arms = {
      canary: before ? [] : arm('new', 5, requests, share, at + 120),
      stable: arm('old', before ? 10 : 5, 600, 0.001, at + 120),
    }
    return JSON.stringify({ schema: 1, metric: 'errors', kind: 'ratio', ...span, ...arms })
  }
  const lines = Array.from({ length: 120 + looks }, (_, at) => line(at - 120))
  writeFileSync(join(folder, 'seen.jsonl'), `${lines.join('\n')}\n`)
  const window = { deployment: '', since: String(begin), until: String(begin + looks * 15), weight }
  const { status, outputs, summary } = await stage.run('verify-metrics', window, { RUNNER_TEMP: folder })
  const { message } = JSON.parse(outputs['result'] ?? '{}')
  return { answer: [status, outputs['verdict'], outputs['reason-code']], message, summary }
}
const fine: Canary = { requests: 600, share: 0.001 }

test('V4, V5: a window whose end speaks against the release, or shows nobody served, is not healthy', async () => {
  expect((await judge(() => fine)).answer).toEqual([0, 'healthy', 'proven'])
  const late = await judge((at) => (at === looks - 1 ? { requests: 600, share: 0.5 } : fine))
  expect(late.answer[0]).toBe(1)
  expect(late.answer[1]).not.toBe('healthy')
  expect(late.message).not.toMatch(/^healthy/)
  const idle = await judge((at) => (at >= 28 ? { requests: 0, share: 0 } : fine))
  expect(idle.answer).toEqual([1, 'inconclusive', 'no-traffic'])
  expect(idle.message).toContain('no requests on the canary arm since 2026-09-21T14:20:20.000Z')
}, 60_000)

test('V4: without a weight the criterion itself is asked for, and a weight that is not what was seen is said', async () => {
  const worse = () => ({ requests: 600, share: 0.0035 })
  const unsaid = await judge(worse, '')
  expect(unsaid.answer[0]).toBe(1)
  expect(unsaid.message).toMatch(/no "weight" was given, so the window is held to the criterion itself/)
  const wrong = await judge(worse, '1')
  for (const text of [wrong.message, wrong.summary])
    expect(text).toMatch(/given is 1 %, and the new version served 50 % of the requests/)
  const whole = await judge(() => fine, '100')
  expect(whole.answer).toEqual([1, 'inconclusive', 'nothing-to-compare'])
  expect(whole.message).toMatch(/^inconclusive: at 100 % .*; the "weight" that was given is 100 %/)
}, 60_000)
