import { afterEach, expect, test } from '@jest/globals'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
afterEach(async () => {
  expect(stage.hub.violations).toEqual([])
  await stage.close()
})

const reported = (word: string) => () => stage.statuses().some((line) => line.split(' ')[3] === word)

/** GitHub's grace after SIGINT, before SIGTERM (runner, ProcessInvoker.cs). */
const grace = 7500

const phases: [string, () => Promise<void>][] = [
  [
    'while the move is under way',
    async () => {
      stage.service.faults.moveMilliseconds = 1500
      await stage.until(reported('moved'))
      await new Promise((next) => setTimeout(next, 300))
    },
  ],
  ['while connections drain', () => stage.until(reported('confirmed'))],
  [
    'while baking at 10 %',
    async () => {
      await stage.until(reported('confirmed'))
      await new Promise((next) => setTimeout(next, 700))
    },
  ],
  [
    'while moving on from 10 to 50 %',
    () => stage.until(() => stage.statuses().some((line) => / 50 moved /.test(line))),
  ],
  [
    'while the last step drains',
    () => stage.until(() => stage.statuses().some((line) => / 100 confirmed /.test(line))),
  ],
]

test.each(phases)(
  'C4, 76: a cancel %s brings traffic back first, then reports, within the grace',
  async (_, reached) => {
    stage = await openStage()
    const running = stage.start('canary-step')
    await reached()
    const sent = Date.now()
    running.child.kill('SIGINT')
    const { outputs, status } = await running.done
    expect(Date.now() - sent).toBeLessThan(grace)
    expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'returned', 'cancelled'])
    const back = stage.service.moves.at(-1)
    expect(back?.weight).toBe(0)
    expect((back?.at ?? 0) - sent).toBeLessThan(4000)
    expect(stage.statuses().at(-1)).toMatch(/ 0 returned .* cancelled$/)
    // Nothing of the cancelled move arrives later.
    await new Promise((next) => setTimeout(next, 1700))
    expect(stage.service.weight()).toBe(0)
  },
  60_000,
)

test('C4: a cancel before the first move exposes nobody and leaves nothing to undo', async () => {
  stage = await openStage({
    policy: { deploy: { command: [process.execPath, '-e', 'setTimeout(() => {}, 60000)'] } },
  })
  const running = stage.start('canary-step')
  await stage.until(() => running.log().includes('deploying'))
  const sent = Date.now()
  running.child.kill('SIGINT')
  const { outputs, status } = await running.done
  expect(Date.now() - sent).toBeLessThan(grace)
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'refused', 'cancelled'])
  expect(stage.service.moves).toEqual([])
}, 60_000)

test('C4: a driver that hangs cannot hold a cancelled job; it says that traffic is not back', async () => {
  stage = await openStage({ policy: { traffic: undefined } })
  await stage.close()
  const script = `const w = process.env.RELMAN_WEIGHT; if (w === '0') setInterval(() => {}, 1000); else require('fs').writeFileSync('weight', w)`
  const get = `console.log(require('fs').existsSync('weight') ? require('fs').readFileSync('weight', 'utf8') : 0)`
  const traffic = {
    driver: 'command',
    set: [process.execPath, '-e', script],
    get: [process.execPath, '-e', get],
    timeout: 60,
  }
  stage = await openStage({ policy: { traffic } })
  const running = stage.start('canary-step')
  await stage.until(reported('confirmed'))
  const sent = Date.now()
  running.child.kill('SIGINT')
  const { outputs, status } = await running.done
  expect(Date.now() - sent).toBeLessThan(grace + 2500)
  expect([status, outputs['decision']]).toEqual([1, 'stuck'])
  expect(stage.statuses().at(-1)).toMatch(/ stuck /)
}, 60_000)
