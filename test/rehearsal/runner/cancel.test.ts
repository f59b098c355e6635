import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { main, results, type World, world } from './world.ts'

let w: World
afterEach(() => w?.end())

const node = (body: string) => ({
  'package.json': '{"type":"module"}',
  'actions/bake/action.yml':
    'name: b\ndescription: d\nruns: { using: node24, main: main.js, post: post.js }\n',
  'actions/bake/main.js': body,
  'actions/bake/post.js': "console.log('post ran')\n",
})
const bake = main(`  bake:
    runs-on: x
    outputs: { o: '\${{ steps.s.outputs.o }}' }
    steps:
      - { id: s, uses: org/relman/actions/bake@v1 }
      - run: echo default-step
      - { if: cancelled(), run: echo cancelled-step }
      - { if: failure(), run: echo failure-step }
      - { if: always(), run: 'echo always-step status=\${{ job.status }} outcome=\${{ steps.s.outcome }}' }
  after:
    needs: bake
    runs-on: x
    steps: [{ run: 'true' }]
  unless:
    needs: bake
    if: '!cancelled()'
    runs-on: x
    steps: [{ run: 'true' }]
  undo:
    needs: bake
    if: always() && needs.bake.result != 'success'
    runs-on: x
    steps:
      - run: echo default-in-undo
      - { if: always(), run: 'echo undo saw \${{ needs.bake.result }} \${{ needs.bake.outputs.o }}' }
`)
const trap = (signals: string) => `import { appendFileSync } from 'node:fs'
const at = Date.now()
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { console.log(signal); ${signals} })
setInterval(() => {}, 1000)
appendFileSync(process.env.GITHUB_OUTPUT, 'o=handed-on\\n')
console.log('baking')
`
const started = (line: string) => w.until((event) => event.type === 'log' && event.line === line)
const said = (...wanted: string[]) => w.logs().filter((line) => wanted.includes(line))

test('a cancel interrupts the step, runs always() and cancelled() steps, posts and jobs, and nothing else', async () => {
  w = world(
    bake,
    node(
      trap(
        "if (signal === 'SIGINT') setTimeout(() => { console.log('traffic returned'); process.exit(0) }, 100)",
      ),
    ),
  )
  const run = w.start()
  await started('baking')
  w.hub.emit('cancel', run.id)
  const result = await run
  expect(results(result)).toEqual({ bake: 'cancelled', after: 'skipped', unless: 'skipped', undo: 'success' })
  expect(result.conclusion).toBe('cancelled')
  expect(
    said(
      'SIGINT',
      'SIGTERM',
      'traffic returned',
      'default-step',
      'cancelled-step',
      'failure-step',
      'post ran',
    ),
  ).toEqual(['SIGINT', 'traffic returned', 'cancelled-step', 'post ran'])
  expect(w.logs()).toContain('always-step status=cancelled outcome=cancelled')
  // The run is cancelled: default steps of a job that always() runs do run, since its own status is success.
  expect(w.logs('undo')).toContain('undo saw cancelled handed-on')
})

test('SIGINT, then SIGTERM, then the whole tree is killed, with the grace between them', async () => {
  w = world(
    main(`  bake:
    runs-on: x
    steps:
      - uses: org/relman/actions/bake@v1
      - if: always()
        run: case "$(ps -o stat= -p "$(cat child)")" in ''|Z*) echo child-gone ;; *) echo child-alive ;; esac
`),
    node(`import { spawn } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'
writeFileSync('child', String(spawn('sleep', ['60']).pid))
${trap('').replace(/^import.*\n/, '')}`),
  )
  const run = w.start()
  await started('baking')
  const at = Date.now()
  w.runner.cancel(run.id)
  await run
  expect(said('SIGINT', 'SIGTERM', 'child-gone', 'child-alive')).toEqual(['SIGINT', 'SIGTERM', 'child-gone'])
  const ended = w.events.find((event) => event.type === 'step-finished' && event.name.includes('bake'))
  expect((ended?.at ?? 0) - at).toBeGreaterThanOrEqual(490)
})

test('a cancelled composite action runs none of its further steps, not even always()', async () => {
  w = world(
    main(
      '  a:\n    runs-on: x\n    steps:\n      - uses: org/relman/actions/two@v1\n      - if: always()\n        run: echo outside',
    ),
    {
      'actions/two/action.yml':
        'name: t\ndescription: d\nruns:\n  using: composite\n  steps:\n    - { shell: bash, run: "echo begun; exec sleep 30" }\n    - { shell: bash, if: always(), run: "echo nested-after" }\n',
    },
  )
  const run = w.start()
  await started('begun')
  w.runner.cancel(run.id)
  expect(results(await run)).toEqual({ a: 'cancelled' })
  expect(said('nested-after', 'outside')).toEqual(['outside'])
})

test('a job whose if still holds is not cancelled: its running step goes on', async () => {
  w = world(
    main(
      `  a:\n    if: always()\n    runs-on: x\n    steps:\n      - { if: always(), run: 'echo begun; sleep 0.4; echo done' }\n      - run: echo next`,
    ),
  )
  const run = w.start()
  await started('begun')
  w.runner.cancel(run.id)
  const result = await run
  expect(results(result)).toEqual({ a: 'success' })
  expect(said('done', 'next')).toEqual(['done', 'next'])
  expect(result.conclusion).toBe('cancelled')
})

test('five minutes after the cancel everything is ended, also what always() kept', async () => {
  const slow = main(
    `  a:\n    runs-on: x\n    steps:\n      - run: echo begun; exec sleep 30\n      - { if: always(), run: 'echo kept; exec sleep 30' }\n      - { if: always(), run: echo too-late }\n  b:\n    needs: a\n    if: always()\n    runs-on: x\n    steps: [{ run: echo b-ran }]`,
  )
  w = world(slow, {}, { delays: { cancelWindowMs: 900 } })
  const run = w.start()
  await started('begun')
  const at = Date.now()
  w.runner.cancel(run.id)
  await started('kept')
  const result = await run
  expect(results(result)).toEqual({ a: 'cancelled', b: 'cancelled' })
  expect(Date.now() - at).toBeLessThan(2500)
  expect(said('too-late', 'b-ran')).toEqual([])
})

test('a lost runner: killed at once, failure after the heartbeat, no post, no always() step; dependants run', async () => {
  w = world(bake, node(trap('')), { delays: { heartbeatMs: 400 } })
  const run = w.start()
  await started('baking')
  const at = Date.now()
  expect(w.runner.killRunner(1)).toBe(true)
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(w.hub.jobs(run.id)[0]?.status).toBe('in_progress')
  const result = await run
  expect(results(result)).toEqual({ bake: 'failure', after: 'skipped', unless: 'success', undo: 'success' })
  const finished = w.events.find((event) => event.type === 'job-finished' && event.name === 'bake')
  expect((finished?.at ?? 0) - at).toBeGreaterThanOrEqual(390)
  expect(w.logs('bake').filter((line) => /SIG|step|post/.test(line))).toEqual([])
  expect(w.logs('undo')).toContain('default-in-undo')
  expect(result.annotations[0]?.message).toContain('lost communication with the server')
  expect(w.runner.killRunner(1)).toBe(false)
})

test('a lost run: nothing of it runs any more, its group is free afterwards, another run goes on', async () => {
  const files = {
    ...bake,
    '.github/workflows/main.yml': `${bake['.github/workflows/main.yml']}`.replace(
      'jobs:',
      'concurrency: { group: g, queue: max }\njobs:',
    ),
  }
  w = world(files, node(`${trap('')}if (process.env.GITHUB_RUN_NUMBER === '2') process.exit(0)\n`))
  const first = w.start()
  const second = w.start()
  await started('baking')
  expect(w.runner.killRun(first.id)).toBe(true)
  const lost = await first
  expect(results(lost)).toEqual({
    bake: 'failure',
    after: 'cancelled',
    unless: 'cancelled',
    undo: 'cancelled',
  })
  expect(w.events.filter((event) => event.runId === first.id && event.type === 'step-started')).toHaveLength(
    1,
  )
  // Nothing warned it: a machine that is gone tidies nothing up.
  expect(w.logs('bake').filter((line) => /SIG/.test(line))).toEqual([])
  expect((await second).conclusion).toBe('success')
  expect(w.runner.killRun(first.id)).toBe(false)
})

test('a cancel while a job waits for its group or its approval ends the waiting', async () => {
  w = world(
    main(
      "  a:\n    runs-on: x\n    environment: e\n    steps: [{ run: 'true' }]\n  b:\n    needs: a\n    if: always()\n    runs-on: x\n    steps: [{ run: 'true' }]",
    ),
  )
  w.environment('e', { reviewers: ['rita'] })
  const run = w.start()
  await w.until((event) => event.type === 'job-waiting')
  w.runner.cancel(run.id)
  expect(results(await run)).toEqual({ a: 'cancelled', b: 'success' })
})

test('a job that a step leaves processes behind ends them', async () => {
  w = world(
    main(
      '  a:\n    runs-on: x\n    steps:\n      - run: |\n          sleep 60 > /dev/null 2>&1 &\n          echo "$!" > "$GITHUB_WORKSPACE/../pid"\n',
    ),
  )
  const result = await w.run()
  expect(result.conclusion).toBe('success')
  const pid = Number(readFileSync(join(w.root, 'work', String(result.runId), '1', 'shop', 'pid'), 'utf8'))
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(alive(pid)).toBe(false)
})

/** A zombie counts as gone. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
