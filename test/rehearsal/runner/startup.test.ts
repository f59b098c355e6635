import { afterEach, expect, test } from '@jest/globals'
import { type Files, main, results, type World, world } from './world.ts'

let w: World
afterEach(() => w?.end())

const step = "steps: [{ run: 'true' }]"

test.each<[string, Files, string]>([
  ['an unknown key', main(`  a: { runs-on: x, ${step}, run_on: y }`), 'run_on'],
  [
    'an unknown job in needs',
    main(`  a: { runs-on: x, ${step} }\n  b: { runs-on: x, needs: zz, ${step} }`),
    "unknown job 'zz'",
  ],
  [
    'a cycle',
    main(
      `  o: { runs-on: x, ${step} }\n  a: { runs-on: x, needs: [b, o], ${step} }\n  b: { runs-on: x, needs: [a, o], ${step} }`,
    ),
    'cycle',
  ],
  ['an unknown function', main(`  a: { runs-on: x, if: nope(), ${step} }`), 'nope'],
  ['secrets in if', main(`  a: { runs-on: x, if: secrets.A == '', ${step} }`), 'secrets'],
  [
    'queue: max with cancel-in-progress',
    main(`  a: { runs-on: x, concurrency: { group: g, queue: max, cancel-in-progress: true }, ${step} }`),
    'cannot be combined',
  ],
  [
    'a container',
    main(`  a: { runs-on: x, container: 'node:24', ${step} }`),
    "'container' cannot run in a rehearsal",
  ],
  ['not YAML', { '.github/workflows/main.yml': 'on: [\n' }, 'main.yml'],
  ['no such workflow file', {}, 'no such workflow file'],
  [
    'environment on a calling job',
    main('  a: { uses: ./.github/workflows/c.yml, environment: p }'),
    'environment',
  ],
  [
    'a called file that does not exist',
    main('  a: { uses: ./.github/workflows/none.yml }'),
    'reusable workflow',
  ],
  [
    'another version of the product',
    main('  a: { uses: org/relman/.github/workflows/c.yml@v2 }'),
    'reusable workflow',
  ],
  [
    'a called file in a sub-folder',
    {
      ...main('  a: { uses: ./.github/workflows/sub/c.yml }'),
      '.github/workflows/sub/c.yml': `on: workflow_call\njobs:\n  c: { runs-on: x, ${step} }`,
    },
    'not directly in .github/workflows',
  ],
])('%s is a startup failure and no job runs', async (_, files, message) => {
  w = world(files)
  const result = await w.run()
  expect(result.conclusion).toBe('startup_failure')
  expect(result.errors.join('\n')).toContain(message)
  expect(w.hub.jobs(result.runId)).toEqual([])
  expect(w.hub.run(result.runId)?.conclusion).toBe('startup_failure')
})

const called = (permissions: string, jobPermissions: string) => ({
  '.github/workflows/c.yml': `on: workflow_call\n${permissions}\njobs:\n  work:\n    runs-on: x\n${jobPermissions}    ${step}\n`,
})
const caller = (permissions: string) =>
  main(
    `  rollout:\n    permissions: ${permissions}\n    uses: org/relman/.github/workflows/c.yml@v1`,
    'on: workflow_dispatch\npermissions: {}',
  )

test('a called job that asks for more than its caller grants stops the run at its start and is named', async () => {
  w = world(
    caller('{ contents: read }'),
    called('permissions: {}', '    permissions: { contents: write, deployments: write }\n'),
  )
  const result = await w.run()
  expect(result.conclusion).toBe('startup_failure')
  expect(result.errors).toEqual([
    ".github/workflows/main.yml, job 'rollout': Error calling workflow 'org/relman/.github/workflows/c.yml@v1'. The nested job 'work' is requesting 'contents: write, deployments: write', but is only allowed 'contents: read, deployments: none'.",
  ])
})

test('so is a called workflow that asks for more at its top, and one two levels down', async () => {
  w = world(caller('{ contents: read }'), called('permissions: { issues: write }', ''))
  expect((await w.run()).errors[0]).toContain(
    "The workflow is requesting 'issues: write', but is only allowed 'issues: none'",
  )
  await w.end()
  w = world(caller('{ contents: write }'), {
    '.github/workflows/c.yml': `on: workflow_call\njobs:\n  mid:\n    permissions: { contents: read }\n    uses: $/.github/workflows/d.yml\n`,
    '.github/workflows/d.yml': `on: workflow_call\njobs:\n  deep:\n    permissions: { contents: write }\n    runs-on: x\n    ${step}\n`,
  })
  expect((await w.run()).errors[0]).toContain(
    "The nested job 'deep' is requesting 'contents: write', but is only allowed 'contents: read'",
  )
})

test('a job token has exactly the job’s permissions and is revoked when the job ends', async () => {
  w = world(
    main(
      `  none: { runs-on: x, ${step} }\n  some: { runs-on: x, permissions: { contents: write, issues: none }, ${step} }\n  all: { runs-on: x, permissions: read-all, ${step} }`,
      'on: workflow_dispatch\npermissions: {}',
    ),
  )
  await w.run()
  const byJob = Object.fromEntries(
    w.hub.grants.map((grant) => [
      w.hub.jobs(grant.runId ?? 0).find((job) => job.id === grant.jobId)?.name,
      grant,
    ]),
  )
  expect(byJob.none?.permissions).toEqual({})
  expect(byJob.some?.permissions).toEqual({ contents: 'write' })
  expect(byJob.all?.permissions).toMatchObject({ contents: 'read', deployments: 'read' })
  expect(byJob.all?.permissions).not.toHaveProperty('id-token')
  expect(w.hub.grants.map((grant) => [grant.actor, grant.kind, grant.revoked])).toEqual(
    Array(3).fill(['github-actions[bot]', 'job', true]),
  )
})

test('a called job without permissions of its own has its caller’s; nothing said at all is the restricted default', async () => {
  w = world({
    ...main(
      `  call: { permissions: { statuses: write }, uses: './.github/workflows/c.yml' }\n  plain: { runs-on: x, ${step} }`,
    ),
    ...called('', ''),
  })
  expect(results(await w.run())).toEqual({ 'call / work': 'success', plain: 'success' })
  expect(w.hub.grants.map((grant) => grant.permissions)).toEqual(
    expect.arrayContaining([{ statuses: 'write' }, { contents: 'read', packages: 'read' }]),
  )
})

test('ten levels of workflows are allowed, eleven are not', async () => {
  const chain = (levels: number): Files =>
    Object.fromEntries(
      Array.from({ length: levels }, (_, index) => [
        `.github/workflows/${index === 0 ? 'main' : `l${index}`}.yml`,
        `on: ${index === 0 ? 'workflow_dispatch' : 'workflow_call'}\njobs:\n  j:\n    ${index === levels - 1 ? `runs-on: x\n    ${step}` : `uses: ./.github/workflows/l${index + 1}.yml`}\n`,
      ]),
    )
  w = world(chain(10))
  expect((await w.run()).conclusion).toBe('success')
  await w.end()
  w = world(chain(11))
  expect((await w.run()).errors.join()).toContain('more than 10 levels')
})

test.each<[string, Record<string, string>, string]>([
  ['an unknown input', { zz: '1' }, 'Unexpected inputs provided: ["zz"]'],
  ['a missing required input', {}, "Required input 'version' not provided"],
  ['a boolean that is none', { version: '1', dry: 'maybe' }, 'must be true or false'],
  ['a choice that is none', { version: '1', level: 'high' }, 'not in the list'],
])('a dispatch with %s does not start', async (_, inputs, message) => {
  w = world(
    main(
      `  a: { runs-on: x, ${step} }`,
      'on:\n  workflow_dispatch:\n    inputs:\n      version: { required: true, type: string }\n      dry: { type: boolean }\n      level: { type: choice, options: [low] }',
    ),
  )
  const result = await w.run({ inputs })
  expect(result.conclusion).toBe('startup_failure')
  expect(result.errors.join()).toContain(message)
})
