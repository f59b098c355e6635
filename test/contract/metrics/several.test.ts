/** Several providers, of which one is down for a while. */

import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { openMetrics } from '@relman/core/adapters/metrics/open'
import { metricsPolicy } from '@relman/core/config/metrics-policy'
import { rolloutPolicy } from '@relman/core/config/rollout-policy'
import type { RunProcess } from '@relman/core/ports/process'
import { ladder } from '@relman/core/rollout/ladder'
import { openWatch } from '@relman/core/runtime/exposure/watch'

const folder = mkdtempSync(join(tmpdir(), 'relman-several-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const arm = (name: string, total: number, share: number) =>
  [1, 2, 3].map((pod) => ({ instance: `${name}${pod}`, total, events: Math.round(total * share) }))
const line = (metric: string, from: number, to: number, share: number) =>
  `${JSON.stringify({
    schema: 1,
    metric,
    kind: 'ratio',
    from,
    to,
    canary: arm('c', (to - from) * 30, share),
    stable: arm('s', (to - from) * 300, 0.01),
  })}\n`

const stage = (name: string) => {
  const path = join(folder, name)
  const asked: [number, number][] = []
  const program = { fails: false }
  const run: RunProcess = async (_, { env = {} } = {}) => {
    const [from, to] = [Number(env['RELMAN_FROM']), Number(env['RELMAN_TO'])]
    asked.push([from, to])
    if (program.fails) return { code: 1, stdout: '', stderr: 'out of order' }
    return { code: 0, stdout: line('orders', from, to, 0.01), stderr: '' }
  }
  const metrics = metricsPolicy.parse({
    file: { path },
    command: { run: ['orders'] },
    checks: [
      { kind: 'ratio', name: 'errors', provider: 'file' },
      { kind: 'ratio', name: 'orders', provider: 'command' },
    ],
  })
  const open = { policy: metrics, version: '1.2.0', previous: '1.1.0', env: {}, cwd: folder, run }
  const tell = (from: number, to: number, share = 0.01) =>
    appendFileSync(path, line('errors', from, to, share))
  return { metrics, provider: openMetrics(open), asked, program, tell }
}

test('V5: what a provider could not tell while it was down is asked of it again; what others told is not lost', async () => {
  const { provider, asked, program, tell } = stage('again.jsonl')
  tell(100, 110)
  expect((await provider.observe(100, 110, 10)).observations).toHaveLength(2)
  program.fails = true
  tell(110, 120)
  const half = await provider.observe(110, 120, 10)
  expect(half.down).toMatch(/orders ended with status 1: out of order/)
  expect(half.observations.map(({ metric, to }) => [metric, to])).toEqual([['errors', 120]])
  program.fails = false
  tell(120, 130)
  const whole = await provider.observe(120, 130, 10)
  expect(whole.down).toBeNull()
  expect(whole.observations.map(({ metric, from, to }) => [metric, from, to])).toEqual([
    ['errors', 120, 130],
    ['orders', 110, 130],
  ])
  await provider.observe(130, 140, 10)
  expect(asked).toEqual([
    [100, 110],
    [110, 120],
    [110, 130],
    [130, 140],
  ])
  tell(140, 150)
  await provider.observe(140, 150, 10)
  // The look before was not heard: it is asked for again, and so are its lines.
  tell(150, 160)
  const again = await provider.observe(140, 160, 10)
  const own = again.observations.filter(({ metric }) => metric === 'errors')
  expect(own.map(({ to }) => to)).toEqual([150, 160])
})

test('V5: harm that one provider shows returns the release while another one is down', async () => {
  const { metrics, provider, program, tell } = stage('harm.jsonl')
  const rollout = rolloutPolicy.parse({
    steps: [{ weight: 10, margin: '3 %', min: 60, max: 900 }],
    warmup: 0,
    history: 0,
  })
  let now = 1000
  const clock = { now: () => now * 1000, sleep: async () => undefined }
  const rungs = ladder(rollout)
  const watch = openWatch({ policy: { rollout, metrics } } as never, rungs, { provider, clock })
  program.fails = true
  const found: string[] = []
  // Without history, what a few looks say is doubted.
  for (const share of [0.01, 0.01, 0.01, ...Array(8).fill(0.3)]) {
    tell(now, now + 15, share)
    now += 15
    const { verdict, reason } = await watch.look(rungs[0] as never, 10, now - 1000)
    found.push(`${verdict} ${reason}`)
  }
  expect(found.slice(0, 3)).toEqual(Array(3).fill('inconclusive metrics-down'))
  expect(found.at(-1)).toBe('unhealthy error-rate-above-margin')
})

test('V5: a provider that is down when a walk is resumed is asked again about the time that nobody watched', async () => {
  const { metrics } = stage('resumed.jsonl')
  const rollout = rolloutPolicy.parse({
    steps: [{ weight: 10, margin: '3 %', min: 60, max: 900 }],
    warmup: 20,
    history: 0,
  })
  let down: string | null = 'no answer'
  const asked: number[] = []
  const provider = {
    observe: async (from: number) => {
      asked.push(from)
      return { observations: [], down }
    },
    range: async () => ({ observations: [], down }),
  }
  const clock = { now: () => 2_000_000, sleep: async () => undefined }
  const rungs = ladder(rollout)
  const open = () => openWatch({ policy: { rollout, metrics } } as never, rungs, { provider, clock })
  const visit = {
    step: 0,
    weight: 10,
    movedAt: 1000,
    confirmedAt: 1001,
    endedAt: null,
    verdict: null,
    reason: null,
  }
  for (const answer of ['no answer', null]) {
    down = answer
    const watch = open()
    await watch.replay([visit], 2000)
    await watch.look(rungs[0] as never, 10, 1000)
  }
  expect(asked).toEqual([1020, 2000])
})
