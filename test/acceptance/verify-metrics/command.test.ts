import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openStage, type Stage } from '../canary-step/stage.ts'

let stage: Stage
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relman-command-'))
})
afterEach(async () => {
  await stage.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Answers as a program of a user would: whole slices of ten seconds within what it was asked for. */
const answer = (errors: number) => `#!${process.execPath}
const { RELMAN_FROM, RELMAN_TO, RELMAN_WEIGHT, RELMAN_VERSION, TEAM_TOKEN, GITHUB_SHA, INPUT_DIGEST, NPM_TOKEN } = process.env
if (TEAM_TOKEN !== 's3same' || INPUT_DIGEST || NPM_TOKEN || !GITHUB_SHA || RELMAN_VERSION !== '1.2.0') process.exit(9)
const slices = []
for (let at = Math.ceil(RELMAN_FROM / 10) * 10; at + 10 <= +RELMAN_TO; at += 10) slices.push(at)
const arm = (name, count, events) => Array.from({ length: count }, (_, i) => ({ instance: name + i, total: 300, events }))
for (const at of slices) console.log(JSON.stringify({ schema: 1, metric: 'errors', kind: 'ratio', from: at, to: at + 10,
  canary: +RELMAN_WEIGHT > 0 ? arm('new', 2, ${errors}) : [], stable: arm('old', 6, at / 10 % 2) }))
`
const program = (text: string) => {
  const path = join(folder, 'metrics.js')
  writeFileSync(path, text)
  chmodSync(path, 0o755)
}
const judge = async (timeout = 10, more: Record<string, string> = {}) => {
  stage = await openStage({
    policy: {
      metrics: {
        command: { run: [join(folder, 'metrics.js'), '$(touch pwned)'], secrets: ['TEAM_TOKEN'], timeout },
        checks: [{ kind: 'ratio', name: 'errors' }],
      },
    },
    rollout: { steps: [{ weight: 25, margin: '2 %', min: 1, max: 60 }], look: 10, history: 300, warmup: 0 },
  })
  const window = { deployment: '', since: '1790000000', until: '1790000300', weight: '25' }
  const env = { TEAM_TOKEN: 's3same', NPM_TOKEN: 'not for it', RUNNER_TEMP: folder, ...more }
  const { status, outputs, log } = await stage.run('verify-metrics', window, env)
  return { told: [status, outputs['verdict'], outputs['reason-code']], log, outputs }
}

test('V1: a program says healthy and unhealthy, and gets the named secret only', async () => {
  program(answer(1))
  expect((await judge()).told).toEqual([0, 'healthy', 'proven'])
  await stage.close()
  program(answer(30))
  expect((await judge()).told).toEqual([1, 'unhealthy', 'error-rate-above-margin'])
  expect(existsSync(join(folder, 'pwned'))).toBe(false)
}, 60_000)

test('V5, 72: a program that fails or hangs is down, in one sentence without its secret', async () => {
  program(
    `#!${process.execPath}\nconsole.error('\\u001b[31mno access with ' + process.env.TEAM_TOKEN)\nprocess.exit(4)\n`,
  )
  const failed = await judge()
  expect(failed.told).toEqual([1, 'inconclusive', 'metrics-down'])
  expect(JSON.parse(failed.outputs['result'] ?? '{}').message).toMatch(
    /metrics\.js ended with status 4: no access with \*\*\*$/,
  )
  expect(failed.log).not.toContain('s3same')
  await stage.close()
  program(`#!${process.execPath}\nsetInterval(() => {}, 1000)\n`)
  const hung = await judge(1, { GITHUB_ACTIONS: 'true' })
  // A runner learns every form in which it is sent, and shows none of these lines.
  expect(hung.log).toContain(`::add-mask::${Buffer.from('s3same').toString('base64')}\n`)
  expect(hung.told).toEqual([1, 'inconclusive', 'metrics-down'])
  expect(JSON.parse(hung.outputs['result'] ?? '{}').message).toMatch(/did not finish within 1 s/)
}, 60_000)

test('V5: a program that prints nothing leaves everything unproven', async () => {
  program(`#!${process.execPath}\n`)
  expect((await judge()).told).toEqual([1, 'inconclusive', 'no-data'])
}, 60_000)
