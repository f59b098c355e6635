import { afterEach, expect, test } from '@jest/globals'
import { main, outputsOf, results, type World, world } from './world.ts'

let w: World
afterEach(() => w?.end())

const echo = (name: string, expression: string) => `- run: echo "${name}=\${{ ${expression} }}"`

test('inputs are typed and have defaults, outputs come back, github.* stays the caller’s, env is not passed on', async () => {
  w = world(
    main(
      `
  call:
    uses: org/relman/.github/workflows/c.yml@v1
    with: { flag: true, count: 3 }
  after:
    needs: call
    runs-on: x
    steps:
      ${echo('out', 'needs.call.outputs.told')}
`,
      'name: Release\non: workflow_dispatch\nenv: { LEAK: leaked }',
    ),
    {
      '.github/workflows/c.yml': `
name: Called
on:
  workflow_call:
    inputs:
      flag: { type: boolean, default: false }
      count: { type: number }
      word: { type: string, default: 'by default' }
      other: { type: boolean }
    outputs:
      told: { value: '\${{ jobs.work.outputs.told }}' }
jobs:
  work:
    runs-on: x
    outputs: { told: '\${{ inputs.word }} \${{ inputs.count }}' }
    steps: [{ run: 'true' }]
`,
      'README.md': '',
    },
  )
  const result = await w.run()
  expect(result.errors).toEqual([])
  expect(results(result)).toEqual({ 'call / work': 'success', after: 'success' })
  expect(w.logs('after')).toContain('out=by default 3')
})

test('contexts within a called workflow', async () => {
  w = world(
    main(
      '  call:\n    uses: org/relman/.github/workflows/c.yml@v1',
      'name: Release\non: workflow_dispatch\nenv: { LEAK: leaked }',
    ),
    {
      '.github/workflows/c.yml': `
on: { workflow_call: { inputs: { flag: { type: boolean }, n: { type: number }, s: { type: string } } } }
jobs:
  work:
    runs-on: x
    steps:
      ${echo('leak', "env.LEAK || 'none'")}
      ${echo('workflow', 'github.workflow')}
      ${echo('repository', 'github.repository')}
      ${echo('file', "format('{0}/{1}', job.workflow_repository, job.workflow_file_path)")}
      ${echo('ref', 'job.workflow_ref')}
      ${echo('own-sha', 'job.workflow_sha != github.sha')}
      ${echo('caller-ref', 'github.workflow_ref')}
      ${echo('empty', "inputs.flag == false && inputs.n == 0 && inputs.s == ''")}
`,
    },
  )
  expect((await w.run()).conclusion).toBe('success')
  const logs = w.logs()
  expect(logs).toEqual(
    expect.arrayContaining([
      'leak=none',
      'workflow=Release',
      'repository=acme/shop',
      'file=org/relman/.github/workflows/c.yml',
      'ref=org/relman/.github/workflows/c.yml@refs/tags/v1',
      'own-sha=true',
      'caller-ref=acme/shop/.github/workflows/main.yml@refs/heads/main',
      'empty=true',
    ]),
  )
})

test.each([
  ['a missing required input', '', 'Input word is required, but not provided while calling.'],
  [
    'an unknown input',
    'with: { word: a, zz: b }',
    'Invalid input, zz is not defined in the referenced workflow.',
  ],
])('%s is a startup failure', async (_, given, message) => {
  w = world(main(`  call:\n    uses: org/relman/.github/workflows/c.yml@v1\n    ${given}`), {
    '.github/workflows/c.yml': `on: { workflow_call: { inputs: { word: { type: string, required: true } } } }\njobs:\n  w: { runs-on: x, steps: [{ run: 'true' }] }\n`,
  })
  expect((await w.run()).errors.join()).toContain(message)
})

test('an input of the wrong type, known only when it runs, fails the calling job', async () => {
  w = world(
    main(
      `  call:\n    uses: org/relman/.github/workflows/c.yml@v1\n    with: { n: "\${{ fromJSON('\\"many\\"') }}" }`,
    ),
    {
      '.github/workflows/c.yml': `on: { workflow_call: { inputs: { n: { type: number } } } }\njobs:\n  w: { runs-on: x, steps: [{ run: 'true' }] }\n`,
    },
  )
  const result = await w.run()
  expect(results(result)).toEqual({ call: 'failure' })
  expect(result.annotations[0]?.message).toContain("Input 'n' is of type number")
})

const secretive = (call: string, secrets = '') => ({
  caller: main(`  call:\n    uses: org/relman/.github/workflows/c.yml@v1\n    ${call}`),
  product: {
    '.github/workflows/c.yml': `on:\n  workflow_call:\n${secrets}\njobs:\n  work:\n    environment: { name: production, deployment: false }\n    runs-on: x\n    steps:\n      ${echo('env', "secrets.DEPLOY_KEY != null && secrets.DEPLOY_KEY != ''")}\n      ${echo('repo', "secrets.REPO_KEY != ''")}\n      ${echo('var', 'vars.REGION')}\n      - run: test "$KEY" = env-key-value\n        continue-on-error: true\n        id: same\n        env: { KEY: '\${{ secrets.DEPLOY_KEY }}' }\n      ${echo('overridden', "steps.same.outcome == 'success'")}\n`,
  },
})

test.each([
  [
    'nothing: environment secrets are empty, its variables are not',
    '',
    '',
    ['env=false', 'repo=false', 'var=eu'],
  ],
  ['inherit: both are there', 'secrets: inherit', '', ['env=true', 'repo=true', 'var=eu', 'overridden=true']],
  [
    'a secret of the same name: the environment’s overrides it',
    `secrets: { DEPLOY_KEY: '\${{ secrets.REPO_KEY }}' }`,
    '    secrets: { DEPLOY_KEY: { required: true } }',
    ['env=true', 'repo=false', 'overridden=true'],
  ],
])('secrets of a called workflow with %s', async (_, call, declared, expected) => {
  const { caller, product } = secretive(call, declared)
  w = world(caller, product)
  w.hub.secrets.REPO_KEY = 'repo-key-value'
  w.environment('production', { secrets: { DEPLOY_KEY: 'env-key-value' }, variables: { REGION: 'eu' } })
  expect((await w.run()).errors).toEqual([])
  expect(w.logs()).toEqual(expect.arrayContaining(expected))
})

test('inherit reaches the directly called workflow only', async () => {
  w = world(main(`  call:\n    secrets: inherit\n    uses: org/relman/.github/workflows/c.yml@v1`), {
    '.github/workflows/c.yml': 'on: workflow_call\njobs:\n  mid:\n    uses: $/.github/workflows/d.yml\n',
    '.github/workflows/d.yml': `on: workflow_call\njobs:\n  deep:\n    runs-on: x\n    steps:\n      ${echo('repo', "secrets.REPO_KEY != ''")}\n`,
  })
  w.hub.secrets.REPO_KEY = 'repo-key-value'
  expect(results(await w.run())).toEqual({ 'call / mid / deep': 'success' })
  expect(w.logs()).toContain('repo=false')
})

test('a missing required secret is a startup failure', async () => {
  w = world(main(`  call:\n    uses: org/relman/.github/workflows/c.yml@v1`), {
    '.github/workflows/c.yml': `on: { workflow_call: { secrets: { KEY: { required: true } } } }\njobs:\n  w: { runs-on: x, steps: [{ run: 'true' }] }\n`,
  })
  expect((await w.run()).errors.join()).toContain('Secret KEY is required')
})

test('in a called workflow the chain of success() reaches through the caller, but not for its first jobs', async () => {
  // I:actions/runner#2205
  w = world(
    main(`
  bad:
    runs-on: x
    steps: [{ run: exit 1 }]
  undo:
    needs: bad
    if: always() && needs.bad.result != 'success'
    uses: org/relman/.github/workflows/c.yml@v1
`),
    {
      '.github/workflows/c.yml': `on: workflow_call\njobs:\n  first:\n    runs-on: x\n    steps: [{ run: 'true' }]\n  second:\n    needs: first\n    runs-on: x\n    steps: [{ run: 'true' }]\n  third:\n    needs: first\n    if: "!cancelled() && needs.first.result == 'success'"\n    runs-on: x\n    steps: [{ run: 'true' }]\n`,
    },
  )
  expect(results(await w.run())).toEqual({
    bad: 'failure',
    'undo / first': 'success',
    'undo / second': 'skipped',
    'undo / third': 'success',
  })
})

test('outputs of a matrix of calls: the last non-empty value wins; a skipped call hands on nothing', async () => {
  w = world(
    main(`
  call:
    strategy: { max-parallel: 1, matrix: { v: [one, two, ''] } }
    uses: org/relman/.github/workflows/c.yml@v1
    with: { v: '\${{ matrix.v }}' }
  no:
    if: false
    uses: org/relman/.github/workflows/c.yml@v1
  after:
    needs: [call, no]
    if: always()
    runs-on: x
    steps:
      ${echo('out', 'needs.call.outputs.v')}
      ${echo('none', 'toJSON(needs.no)')}
`),
    {
      '.github/workflows/c.yml': `on:\n  workflow_call:\n    inputs: { v: { type: string } }\n    outputs: { v: { value: '\${{ jobs.w.outputs.v }}' } }\njobs:\n  w:\n    runs-on: x\n    outputs: { v: '\${{ inputs.v }}' }\n    steps: [{ run: 'true' }]\n`,
    },
  )
  const result = await w.run()
  expect(Object.keys(results(result))).toEqual(
    expect.arrayContaining(['call (one) / w', 'call (two) / w', 'call / w', 'no']),
  )
  expect(w.logs('after')).toContain('out=two')
  expect(outputsOf(result, 'no')).toEqual({})
})
