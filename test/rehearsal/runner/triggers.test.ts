import { afterEach, expect, test } from '@jest/globals'
import type { World } from './world.ts'
import { world } from './world.ts'

let w: World
afterEach(() => w?.end())

const file = (on: string, run = `echo "event=\${{ github.event_name }} ref=\${{ github.ref }}"`) =>
  `on: ${on}\njobs:\n  j:\n    runs-on: x\n    steps: [{ run: '${run}' }]\n`
const names = async (runs: Promise<{ workflow: string }>[]) =>
  (await Promise.all(runs)).map((run) => run.workflow.replace('.github/workflows/', ''))

test('push: branches and tags, with ignored and taken-back patterns', async () => {
  w = world({
    '.github/workflows/any.yml': file('push'),
    '.github/workflows/main-only.yml': file('{ push: { branches: [main] } }'),
    '.github/workflows/release.yml': file("{ push: { branches: ['release/**', '!release/old'] } }"),
    '.github/workflows/tags.yml': file("{ push: { tags: ['v*'] } }"),
    '.github/workflows/not-main.yml': file('{ push: { branches-ignore: [main] } }'),
    '.github/workflows/manual.yml': file('workflow_dispatch'),
    '.github/workflows/broken.yml': 'on: [push\n',
  })
  const push = (ref: string) => names(w.runner.trigger({ event: 'push', ref, sha: w.sha, actor: 'ann' }))
  expect(await push('refs/heads/main')).toEqual(['any.yml', 'main-only.yml'])
  expect(await push('refs/heads/release/1.x')).toEqual(['any.yml', 'not-main.yml', 'release.yml'])
  expect(await push('refs/heads/release/old')).toEqual(['any.yml', 'not-main.yml'])
  expect(await push('refs/tags/v1.2')).toEqual(['any.yml', 'tags.yml'])
})

test('schedule starts by its cron on the default branch', async () => {
  w = world({
    '.github/workflows/five.yml': file("{ schedule: [{ cron: '*/5 * * * *' }] }"),
    '.github/workflows/day.yml': file("{ schedule: [{ cron: '0 8 * * 1' }] }"),
  })
  expect(
    await names(w.runner.trigger({ event: 'schedule', actor: 'ann', payload: { schedule: '*/5 * * * *' } })),
  ).toEqual(['five.yml'])
  expect(w.logs()).toContain('event=schedule ref=refs/heads/main')
})

test('repository_dispatch from the hub: types are filtered, the payload arrives', async () => {
  w = world({
    '.github/workflows/a.yml': file(
      '{ repository_dispatch: { types: [relman-train] } }',
      `echo "to=\${{ github.event.client_payload.version }}"`,
    ),
    '.github/workflows/b.yml': file('{ repository_dispatch: { types: [other] } }'),
  })
  w.hub.emit('repository-dispatch', { type: 'relman-train', payload: { version: '1.2.3' }, actor: 'bot' })
  await w.runner.idle()
  expect(w.hub.allRuns().map((run) => [run.workflow, run.event, run.conclusion])).toEqual([
    ['.github/workflows/a.yml', 'repository_dispatch', 'success'],
  ])
  expect(w.logs()).toContain('to=1.2.3')
})

test('a dispatch from the hub uses the run that exists, its inputs typed and as text', async () => {
  w = world({
    '.github/workflows/d.yml': `on:\n  workflow_dispatch:\n    inputs:\n      dry: { type: boolean }\n      weight: { type: number, default: 5 }\nrun-name: 'dry \${{ inputs.dry }}'\njobs:\n  j:\n    runs-on: x\n    steps: [{ run: 'echo \${{ inputs.dry == true }} \${{ github.event.inputs.dry == true }} \${{ github.event.inputs.dry }} \${{ inputs.weight }}' }]\n`,
  })
  const run = w.hub.createRun({
    workflow: '.github/workflows/d.yml',
    name: 'd',
    event: 'workflow_dispatch',
    actor: 'bot',
    headSha: w.sha,
    headBranch: 'main',
    inputs: { dry: 'true' },
  })
  w.hub.emit('dispatch', {
    workflow: 'd.yml',
    ref: 'main',
    inputs: { dry: 'true' },
    actor: 'bot',
    runId: run.id,
  })
  expect((await w.runner.result(run.id))?.conclusion).toBe('success')
  expect(w.hub.allRuns()).toHaveLength(1)
  expect(w.hub.run(run.id)?.name).toBe('dry true')
  expect(w.logs()).toContain('true false true 5')
})

test('a workflow that does not name the event does not start', async () => {
  w = world({ '.github/workflows/main.yml': file('push') })
  const result = await w.runner.startRun({ workflow: 'main.yml', event: 'workflow_dispatch', actor: 'ann' })
  expect(result).toMatchObject({
    conclusion: 'startup_failure',
    errors: [".github/workflows/main.yml: the workflow is not triggered by 'workflow_dispatch'"],
  })
})

test('twelve jobs in a chain cost tens of milliseconds each', async () => {
  const jobs = Array.from(
    { length: 12 },
    (_, i) =>
      `  j${i}:\n    runs-on: x\n${i > 0 ? `    needs: j${i - 1}\n` : ''}    steps: [{ run: 'true' }]\n`,
  )
  w = world({ '.github/workflows/main.yml': `on: workflow_dispatch\njobs:\n${jobs.join('')}` })
  const result = await w.runner.startRun({ workflow: 'main.yml', event: 'workflow_dispatch', actor: 'ann' })
  expect(result.conclusion).toBe('success')
  // Measured about 0.3 s on two idle cores; the bound leaves room for a busy machine.
  expect(result.seconds).toBeLessThan(3)
})
