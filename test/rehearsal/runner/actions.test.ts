import { existsSync, readFileSync } from 'node:fs'
import { afterEach, expect, test } from '@jest/globals'
import { type Files, main, outputsOf, results, type World, world } from './world.ts'

let w: World
afterEach(() => w?.end())

const script = (body: string) =>
  `import { appendFileSync } from 'node:fs'\nconst say = (file, text) => appendFileSync(process.env['GITHUB_' + file], text + '\\n')\n${body}\n`
const action = (runs: string, inputs = '{}'): string =>
  `name: a\ndescription: d\ninputs: ${inputs}\nruns: ${runs}\n`

const product: Files = {
  'package.json': '{"type":"module"}',
  'actions/show/action.yml': action(
    '{ using: node24, main: ../../dist/show.js, post: ../../dist/post.js }',
    `{ who: { default: '\${{ github.actor }}' }, 'two words': { required: true }, dry-run: { default: 'false' }, old: { deprecationMessage: use who } }`,
  ),
  'dist/show.js': script(`
console.log('who=' + process.env.INPUT_WHO + ' dry=' + process.env['INPUT_DRY-RUN'] + ' two=' + process.env.INPUT_TWO_WORDS)
console.log('cwd=' + (process.cwd() === process.env.GITHUB_WORKSPACE) + ' ci=' + process.env.CI + ' token=' + process.env.GITHUB_TOKEN)
console.log('repo=' + process.env.GITHUB_REPOSITORY + ' action=' + process.env.GITHUB_ACTION_REPOSITORY + ' leak=' + process.env.HOST_ONLY)
say('OUTPUT', 'plain=a=b\\nmany<<X\\nline 1\\nline 2\\nX')
say('STATE', 'saved=from main ' + process.env.INPUT_WHO)
`),
  'dist/post.js': script(
    "console.log('post state=' + process.env.STATE_saved + ' who=' + process.env.INPUT_WHO)",
  ),
}
const uses = (text: string) => main(`  a:\n    runs-on: x\n    steps:\n${text}`)

test('a JavaScript action of the product: inputs, environment, outputs, state to post, working folder', async () => {
  process.env.HOST_ONLY = 'secret of this machine'
  w = world(
    {
      ...main('  call:\n    uses: org/relman/.github/workflows/c.yml@v1'),
    },
    {
      ...product,
      '.github/workflows/c.yml': `on: workflow_call
jobs:
  work:
    runs-on: x
    outputs: { plain: '\${{ steps.s.outputs.plain }}', many: '\${{ steps.s.outputs.many }}' }
    steps:
      - id: s
        uses: $/actions/show
        with: { two words: yes please, zz: 1, old: x }
      - uses: $/actions/show
        with: { who: second }
`,
    },
  )
  const result = await w.run({ actor: 'ann' })
  delete process.env.HOST_ONLY
  expect(results(result)).toEqual({ 'call / work': 'success' })
  expect(outputsOf(result, 'call / work')).toEqual({ plain: 'a=b', many: 'line 1\nline 2' })
  const logs = w.logs()
  expect(logs).toContain('who=ann dry=false two=yes please')
  expect(logs).toContain('cwd=true ci=true token=undefined')
  expect(logs).toContain('repo=acme/shop action=org/relman leak=undefined')
  // post runs in reverse order
  expect(logs.filter((line) => line.startsWith('post'))).toEqual([
    'post state=from main second who=second',
    'post state=from main ann who=ann',
  ])
  // The runner looks at the inputs again for post (runner: ActionRunner.cs).
  expect([...new Set(result.annotations.map((a) => a.message))]).toEqual([
    "Unexpected input(s) 'zz', valid inputs are ['who', 'two words', 'dry-run', 'old']",
    "Input 'old' has been deprecated with message: use who",
  ])
})

test('pre runs before the first step, post-if looks at the job, and a failed main has its post', async () => {
  w = world(
    uses(
      `      - run: echo first-step\n      - uses: org/relman/actions/three@v1\n      - if: always()\n        run: echo last-step`,
    ),
    {
      'package.json': '{"type":"module"}',
      'actions/three/action.yml': action(
        '{ using: node20, pre: pre.js, main: main.js, post: post.js, post-if: failure() }',
      ),
      'actions/three/pre.js': "console.log('pre')",
      'actions/three/main.js': "console.log('main'); process.exit(2)",
      'actions/three/post.js': "console.log('post')",
    },
  )
  expect(results(await w.run())).toEqual({ a: 'failure' })
  expect(
    w.logs().filter((line) => ['pre', 'first-step', 'main', 'last-step', 'post'].includes(line)),
  ).toEqual(['pre', 'first-step', 'main', 'last-step', 'post'])
  expect(w.hub.jobs(1000)[0]?.steps.map((step) => [step.number, step.name, step.conclusion])).toEqual([
    [1, 'Set up job', 'success'],
    [2, 'Pre Run org/relman/actions/three@v1', 'success'],
    [3, 'Run echo first-step', 'success'],
    [4, 'Run org/relman/actions/three@v1', 'failure'],
    [5, 'Run echo last-step', 'success'],
    [6, 'Post Run org/relman/actions/three@v1', 'success'],
  ])
})

test('./ is a path in the workspace: missing before checkout, found after it, guarded by hashFiles', async () => {
  const local = {
    '.github/actions/deploy/action.yml': `name: d\ndescription: d\ninputs: { v: { default: none } }\noutputs: { told: { value: '\${{ steps.i.outputs.x }}' } }
runs:
  using: composite
  steps:
    - id: i
      shell: bash
      run: echo "x=\${{ inputs.v }}-\${{ github.action_path != '' }}" >> "$GITHUB_OUTPUT"
    - shell: sh
      if: failure()
      run: echo never
    - uses: $/.github/actions/inner
`,
    '.github/actions/inner/action.yml':
      'name: i\ndescription: d\nruns: { using: composite, steps: [{ shell: bash, run: "echo inner-ran $OUTER" }] }\n',
  }
  w = world({
    ...uses(`      - if: hashFiles('.github/actions/deploy/action.yml') != ''
        run: echo too-early
      - uses: actions/checkout@0123456789012345678901234567890123456789
      - id: d
        if: hashFiles('.github/actions/deploy/action.yml') != ''
        uses: ./.github/actions/deploy
        env: { OUTER: from-outside }
        with: { v: '1' }
      - run: echo told=\${{ steps.d.outputs.told }}`),
    ...local,
  })
  const result = await w.run()
  expect(result.conclusion).toBe('success')
  expect(w.logs()).toEqual(expect.arrayContaining(['told=1-true', 'inner-ran from-outside']))
  expect(w.logs().filter((line) => ['too-early', 'never'].includes(line))).toEqual([])
  expect(result.replaced).toEqual(['actions/checkout@0123456789012345678901234567890123456789'])
  await w.end()
  w = world({ ...uses('      - uses: ./.github/actions/deploy'), ...local })
  const early = await w.run()
  expect(early.annotations[0]?.message).toContain('Did you forget to run actions/checkout')
})

test.each([
  [
    'an external action without a stand-in',
    'acme-tools/deploy@v3',
    "Unable to resolve action 'acme-tools/deploy@v3'",
  ],
  [
    'another version of the product',
    'org/relman/actions/show@v2',
    "Unable to resolve action 'org/relman/actions/show@v2'",
  ],
  ['a container action', 'docker://alpine', "'docker://alpine' is not an action that can run here"],
])('%s fails the job in its set-up, before any step, and is named', async (_, name, message) => {
  w = world(uses(`      - run: echo not-reached\n      - uses: ${name}`), product)
  const result = await w.run()
  expect(results(result)).toEqual({ a: 'failure' })
  expect(result.annotations[0]?.message).toContain(message)
  expect(w.logs()).not.toContain('not-reached')
})

test('in a composite action success() looks at its own steps; its continue-on-error and failure reach the step', async () => {
  w = world(
    uses(
      `      - continue-on-error: true\n        run: exit 1\n      - id: c\n        continue-on-error: true\n        uses: org/relman/actions/comp@v1\n      - run: echo outcome=\${{ steps.c.outcome }} conclusion=\${{ steps.c.conclusion }}`,
    ),
    {
      'actions/comp/action.yml': `name: c\ndescription: d\nruns:\n  using: composite\n  steps:\n    - { shell: bash, run: 'exit 4', continue-on-error: true }\n    - { shell: bash, run: 'echo still-good' }\n    - { shell: bash, run: 'exit 5' }\n    - { shell: bash, run: 'echo unreachable' }\n    - { shell: bash, run: 'echo cleaning', if: failure() }\n`,
    },
  )
  expect((await w.run()).conclusion).toBe('success')
  expect(w.logs()).toEqual(
    expect.arrayContaining(['still-good', 'cleaning', 'outcome=failure conclusion=success']),
  )
  expect(w.logs()).not.toContain('unreachable')
})

test('secrets and the token are masked in logs, annotations, summaries and cannot leave as outputs', async () => {
  w = world(
    main(`  a:
    runs-on: x
    outputs: { ok: '\${{ steps.s.outputs.ok }}', bad: '\${{ steps.s.outputs.bad }}' }
    steps:
      - id: s
        env: { KEY: '\${{ secrets.KEY }}', T: '\${{ github.token }}' }
        run: |
          echo "the key is $KEY and $T"
          echo "::error title=Look::leaked $KEY"
          echo "bad=x$KEY" >> "$GITHUB_OUTPUT"
          echo "ok=fine" >> "$GITHUB_OUTPUT"
          echo "# Sum $KEY" >> "$GITHUB_STEP_SUMMARY"
          echo "::add-mask::later-secret"
          echo "now later-secret"
`),
  )
  w.hub.secrets.KEY = 'hunter2hunter2'
  const result = await w.run()
  expect(outputsOf(result, 'a')).toEqual({ ok: 'fine' })
  expect(w.logs()).toEqual(expect.arrayContaining(['the key is *** and ***', 'now ***']))
  expect(JSON.stringify(w.events)).not.toContain('hunter2')
  expect(result.annotations.map(({ title, message }) => [title, message])).toEqual([
    ['Look', 'leaked ***'],
    [undefined, "Skip output 'bad' since it may contain secret."],
  ])
  const summary = w.events.find((event) => event.type === 'summary')
  expect(
    summary?.type === 'summary' && existsSync(summary.file ?? '') && readFileSync(summary.file ?? '', 'utf8'),
  ).toBe('# Sum ***\n')
})

test('a summary above 1 MiB is not shown; the step keeps its result', async () => {
  w = world(
    uses(
      '      - run: head -c 1048577 /dev/zero | tr "\\\\0" x > "$GITHUB_STEP_SUMMARY"\n      - run: head -c 1048576 /dev/zero | tr "\\\\0" y > "$GITHUB_STEP_SUMMARY"',
    ),
  )
  const result = await w.run()
  expect(result.conclusion).toBe('success')
  expect(result.annotations.map((a) => a.message)).toEqual([
    '$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got 1024k.',
  ])
  expect(w.events.filter((event) => event.type === 'summary')).toHaveLength(1)
})

test('outputs above 1 MB of UTF-16 for a job fail it', async () => {
  w = world(
    main(`  a:
    runs-on: x
    outputs: { big: '\${{ steps.s.outputs.big }}' }
    steps:
      - id: s
        run: (printf big=; head -c 600000 /dev/zero | tr '\\0' x; echo) >> "$GITHUB_OUTPUT"
`),
  )
  const result = await w.run()
  expect(results(result)).toEqual({ a: 'failure' })
  expect(result.annotations[0]?.message).toContain('exceeds the limit of 1 MB')
})

test('a broken output file fails the step', async () => {
  w = world(uses('      - run: echo "no separator" >> "$GITHUB_OUTPUT"'))
  const result = await w.run()
  expect(results(result)).toEqual({ a: 'failure' })
  expect(result.annotations[0]?.message).toBe("Invalid format 'no separator'")
})

test('attest needs the permissions of the real action', async () => {
  const file = (permissions: string) =>
    main(
      `  a:\n    runs-on: x\n    permissions: ${permissions}\n    steps:\n      - run: echo content > plan.json\n      - id: t\n        uses: actions/attest@v4\n        with: { subject-path: plan.json }\n      - run: test -s "\${{ steps.t.outputs.bundle-path }}"`,
    )
  w = world(file('{ contents: read }'))
  const refused = await w.run()
  expect(refused.annotations[0]?.message).toBe("actions/attest needs the permission 'id-token: write'")
  await w.end()
  w = world(file('{ id-token: write, attestations: write }'))
  expect(await w.run()).toMatchObject({ conclusion: 'success', replaced: ['actions/attest@v4'] })
})
