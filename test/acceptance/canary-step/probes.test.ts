import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Answer, openProbeTarget, type ProbeTarget } from './probe-targets.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
let canary: ProbeTarget
let stable: ProbeTarget
beforeEach(async () => {
  canary = await openProbeTarget()
  stable = await openProbeTarget()
})
afterEach(async () => {
  expect(stage.hub.violations).toEqual([])
  await Promise.all([stage.close(), canary.close(), stable.close()])
})

/** Five requests of users a second prove nothing in fifteen seconds; probes have to. */
const quiet = (probes: Record<string, unknown> = {}, patience = 15) =>
  openStage({
    rate: 5,
    rollout: { steps: [{ weight: 10, margin: '3 %', min: 1, max: patience }] },
    metrics: {
      allow: ['127.0.0.1'],
      probes: {
        url: { canary: canary.url, stable: stable.url },
        rate: 50,
        before: 2,
        timeout: 1,
        ...probes,
      },
      checks: [
        { kind: 'ratio', name: 'errors', total: 'requests_total', events: 'errors_total', required: false },
        { kind: 'ratio', name: 'probe-errors', provider: 'probes' },
        { kind: 'latency', name: 'probe-latency', provider: 'probes', required: false },
      ],
    },
  })

const words = () => stage.statuses().map((line) => line.split(' ')[3])
const failing: Answer = (_, response) => response.writeHead(500).end('no')

test('C10: healthy probes prove what users do not, and everything says that it rests on probes', async () => {
  stage = await quiet({
    headers: { 'x-key': 'Bearer {{env:PROBE_KEY}}' },
    requests: [
      { path: '/cart?for={{version}}', contains: 'well' },
      { path: '/health', method: 'HEAD' },
    ],
  })
  const { outputs, status, summary, log } = await stage.run('canary-step', {}, { PROBE_KEY: 'k-1' })
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([0, 'done', 'completed-on-probes'])
  expect(summary).toMatch(/probe-errors .*< baseline \+ 3 % \(probes\)/)
  expect(summary).toMatch(/from probes: it holds for the requests that relman sent, not for those of users/)
  expect(log).toMatch(
    /probe-errors: at 10 % \(50 probes a second to each version\), 15 s can prove a margin of/,
  )
  const account = JSON.parse(readFileSync(outputs['verdict-file'] ?? '', 'utf8'))
  const sources = account.criteria.map((one: { metric: string; source: string }) => [one.metric, one.source])
  expect(Object.fromEntries(sources)).toMatchObject({ errors: 'provider', 'probe-errors': 'probes' })
  // The stable version is asked before anybody is exposed, the same requests go to both, and not one after the end.
  const moved = stage.service.moves[0]?.at ?? 0
  expect(moved).toBeGreaterThan(0)
  const paths = (target: ProbeTarget) => [
    ...new Set(target.seen.map(({ method, path }) => `${method} ${path}`)),
  ]
  expect(paths(canary).sort()).toEqual(['GET /cart?for=1.2.0', 'HEAD /health'])
  expect(paths(stable).sort()).toEqual(['GET /cart?for=1.1.0', 'HEAD /health'])
  expect(new Set(canary.seen.map(({ agent, header }) => `${agent} ${header}`))).toEqual(
    new Set(['relman-probe Bearer k-1']),
  )
  expect(`${JSON.stringify(outputs)}${summary}${log}`).not.toContain('k-1')
  const sent = canary.seen.length
  // Without the walk's word nothing of users is proven; with it, what it says is judged again and labelled.
  const alone = await stage.run('verify-metrics')
  const evidence = JSON.parse(alone.outputs['evidence'] ?? '')
  expect([evidence.verdict, evidence.probes]).toEqual(['inconclusive', undefined])
  const again = await stage.run('verify-metrics', { probes: outputs['probes'] ?? '' })
  const { probes, visits } = JSON.parse(again.outputs['evidence'] ?? '')
  expect(visits[0]).toMatchObject({ weight: 10, verdict: 'inconclusive' })
  expect([probes.reportedBy, probes.visits[0].verdict, probes.visits[0].reason]).toEqual([
    'walk',
    'healthy',
    'proven',
  ])
  expect(probes.visits[0].checks[0].canary.errors).toBe(0)
  expect(again.summary).toContain('## Probes, as the walk reported them')
  expect(canary.seen.length).toBe(sent)
}, 60_000)

test('C10: a new version that fails probes goes back, with not one bad request of users', async () => {
  stage = await quiet()
  const running = stage.start('canary-step')
  await stage.until(() => stage.service.weight() === 10)
  canary.answer = failing
  const { outputs, status, summary } = await running.done
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([
    1,
    'returned',
    'error-rate-above-margin',
  ])
  expect(stage.service.weight()).toBe(0)
  expect(summary).toMatch(/probe-errors: more errors per request than the stable version/)
  expect(summary).toMatch(/the new version gave bad answers, such as: status 500/)
}, 60_000)

test('C10, V5: two versions that both fail are not alike: no data, never healthy', async () => {
  stage = await quiet({}, 4)
  const running = stage.start('canary-step')
  await stage.until(() => stage.service.weight() === 10)
  const silent: Answer = (request) => request.socket.destroy()
  canary.answer = silent
  stable.answer = silent
  const { outputs, status, summary } = await running.done
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'returned', 'metrics-down'])
  expect(words()).not.toContain('healthy')
  expect(summary).toMatch(/neither version answered/)
}, 60_000)

test('C10, V5: a stable version that never answers is found before anybody is exposed; an address that is not allowed, too', async () => {
  await stable.close()
  stage = await quiet({ before: 1 })
  const { outputs, status } = await stage.run('canary-step')
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'refused', 'metrics-down'])
  expect([stage.service.moves, words()]).toEqual([[], []])
  await stage.close()
  stage = await quiet({ url: { canary: 'http://169.254.169.254', stable: 'http://169.254.169.254/x' } })
  const refused = await stage.run('canary-step')
  expect([refused.outputs['decision'], refused.outputs['reason-code']]).toEqual(['refused', 'metrics-down'])
  expect(refused.log).toMatch(/169\.254\.169\.254, a link-local or metadata address; that is never allowed/)
  expect(stage.service.moves).toEqual([])
}, 60_000)

test('C10: hostile answers are counted, never shown and never waited for; a signal ends probes at once', async () => {
  stage = await quiet({
    rate: 20,
    concurrency: 4,
    answers: { version: 'x-version', instance: 'x-pod' },
  })
  const told = (version: string): Answer => {
    let number = 0
    return (_, response) => {
      number += 1
      response.writeHead(200, { 'x-version': version, 'x-pod': `pod-${version}` })
      // Endless, dripping, and with text that would be a command of the runner.
      if (number % 3 === 0) return response.write('::error::x\n##[set-output]\n<script>'.repeat(20_000))
      if (number % 3 === 1) return response.write('…')
      return response.end('::stop-commands::x')
    }
  }
  stable.answer = told('v1.1.0')
  canary.answer = told('1.1.0')
  const running = stage.start('canary-step')
  await stage.until(() => running.log().includes('step 1 at 10 %'))
  await stage.until(() => /came from another version/.test(running.log()) || canary.seen.length > 60)
  running.child.kill('SIGTERM')
  const asked = Date.now()
  const { outputs, summary, log } = await running.done
  expect([outputs['decision'], outputs['reason-code']]).toEqual(['returned', 'cancelled'])
  expect(Date.now() - asked).toBeLessThan(4000)
  expect(Math.max(canary.most, stable.most)).toBeLessThanOrEqual(4)
  expect(summary).toMatch(/came from another version/)
  expect(`${summary}${log}`).not.toMatch(/<script>|stop-commands|^::error::x/m)
  expect(words()).not.toContain('healthy')
}, 60_000)
