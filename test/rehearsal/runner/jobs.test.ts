import { afterEach, expect, test } from '@jest/globals'
import { main, outputsOf, results, type World, world } from './world.ts'

let w: World
afterEach(() => w?.end())

test('a run without anything special succeeds, hands outputs on, and ends with its record in the hub', async () => {
  w = world(
    main(`
  one:
    runs-on: ubuntu-latest
    outputs:
      answer: \${{ steps.a.outputs.answer }}
    steps:
      - id: a
        run: echo "answer=42" >> "$GITHUB_OUTPUT"
  two:
    needs: one
    runs-on: ubuntu-latest
    steps:
      - run: echo "got $ANSWER"
        env:
          ANSWER: \${{ needs.one.outputs.answer }}
`),
  )
  const result = await w.run()
  expect(result.conclusion).toBe('success')
  expect(outputsOf(result, 'one')).toEqual({ answer: '42' })
  expect(w.logs('two')).toContain('got 42')
  const run = w.hub.run(result.runId)
  expect([run?.status, run?.conclusion]).toEqual(['completed', 'success'])
  expect(
    w.hub.jobs(result.runId).map((job) => [job.name, job.status, job.steps.map((s) => s.conclusion)]),
  ).toEqual([
    ['one', 'completed', ['success', 'success']],
    ['two', 'completed', ['success', 'success']],
  ])
})

test('success() asks the whole chain: a job after an always() job is skipped when a job far up was skipped', async () => {
  // I:actions/runner#491
  w = world(
    main(`
  a:
    if: false
    runs-on: x
    steps: [{ run: 'true' }]
  b:
    needs: a
    if: always()
    runs-on: x
    steps: [{ run: 'true' }]
  c:
    needs: b
    runs-on: x
    steps: [{ run: 'true' }]
  d:
    needs: b
    if: always() && needs.b.result == 'success'
    runs-on: x
    steps: [{ run: 'true' }]
`),
  )
  expect(results(await w.run())).toEqual({ a: 'skipped', b: 'success', c: 'skipped', d: 'success' })
})

test('failure() is true for any ancestor; a failed job skips those that need it', async () => {
  w = world(
    main(`
  a:
    runs-on: x
    steps: [{ run: exit 3 }]
  b:
    needs: a
    runs-on: x
    steps: [{ run: 'true' }]
  c:
    needs: b
    if: failure()
    runs-on: x
    steps: [{ run: 'true' }]
  d:
    needs: [a, b]
    if: \${{ !cancelled() && needs.a.result == 'failure' && needs.b.result == 'skipped' }}
    runs-on: x
    steps: [{ run: 'true' }]
`),
  )
  const result = await w.run()
  expect(results(result)).toEqual({ a: 'failure', b: 'skipped', c: 'success', d: 'success' })
  expect(result.conclusion).toBe('failure')
  expect(result.annotations.map((a) => a.message)).toContain('Process completed with exit code 3.')
})

test('continue-on-error of a job lets the run pass and counts as success for those that need it', async () => {
  w = world(
    main(`
  a:
    runs-on: x
    continue-on-error: true
    steps: [{ run: exit 1 }]
  b:
    needs: a
    runs-on: x
    steps: [{ run: 'echo result=\${{ needs.a.result }}' }]
`),
  )
  const result = await w.run()
  expect(result.conclusion).toBe('success')
  expect(w.logs('b')).toContain('result=success')
})

test('a job time-out is a cancel: cancelled in needs, failure() is false, always() steps still run', async () => {
  w = world(
    main(`
  slow:
    runs-on: x
    timeout-minutes: 1
    steps:
      - run: sleep 30
      - if: always()
        run: echo after-the-timeout
  onfailure:
    needs: slow
    if: failure()
    runs-on: x
    steps: [{ run: 'true' }]
  undo:
    needs: slow
    if: always() && needs.slow.result != 'success'
    runs-on: x
    steps: [{ run: 'echo saw=\${{ needs.slow.result }}' }]
`),
    {},
    { delays: { timeoutMinuteMs: 300 } },
  )
  expect(results(await w.run())).toEqual({ slow: 'cancelled', onfailure: 'skipped', undo: 'success' })
  expect(w.logs('undo')).toContain('saw=cancelled')
  expect(w.logs('slow')).toContain('after-the-timeout')
})

test('a step time-out fails the step, and with it the job', async () => {
  w = world(
    main(`
  slow:
    runs-on: x
    steps:
      - id: s
        timeout-minutes: 1
        run: sleep 30
      - if: failure()
        run: echo outcome=\${{ steps.s.outcome }}
`),
    {},
    { delays: { timeoutMinuteMs: 300 } },
  )
  const result = await w.run()
  expect(results(result)).toEqual({ slow: 'failure' })
  expect(w.logs()).toContain('outcome=failure')
  expect(result.annotations.map((a) => a.message)).toContain(
    "The action 'Run sleep 30' has timed out after 1 minutes.",
  )
})

test('defaults, env layers, GITHUB_ENV, GITHUB_PATH, working-directory and case() as GitHub has them', async () => {
  w = world(
    main(
      `
  a:
    runs-on: x
    env: { B: job, C: job }
    defaults: { run: { working-directory: sub } }
    steps:
      - run: mkdir -p sub bin && printf '#!/bin/sh\\necho tool-ran\\n' > bin/tool && chmod +x bin/tool
        working-directory: .
      - run: |
          echo "F=first" >> "$GITHUB_ENV"
          echo "$GITHUB_WORKSPACE/bin" >> "$GITHUB_PATH"
          echo "NODE_OPTIONS=--bad" >> "$GITHUB_ENV"
      - env: { C: step }
        run: echo "$A $B $C $F \${{ case(env.B == 'job', 'yes', 'no') }} $(basename "$PWD") [$NODE_OPTIONS]" && tool
      - run: printf 'x' | false | cat; echo "no pipefail without shell"
      - shell: bash
        continue-on-error: true
        run: false | cat; echo "not reached"
`,
      'on: workflow_dispatch\nenv: { A: workflow, B: workflow, C: workflow }',
    ),
  )
  const result = await w.run()
  expect(result.conclusion).toBe('success')
  expect(w.logs()).toContain('workflow job step first yes sub []')
  expect(w.logs()).toContain('tool-ran')
  expect(w.logs()).toContain('no pipefail without shell')
  expect(w.logs().filter((line) => line === 'not reached')).toEqual([])
  expect(result.annotations.map((a) => a.message)).toContain(
    "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.",
  )
})
