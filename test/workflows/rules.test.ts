import { describe, expect, test } from '@jest/globals'
import { read } from '../repo/tree.ts'
import { readHouse, readWorkflow } from './house.ts'
import { jobRules } from './job-rules.ts'
import { permissionRules } from './permission-rules.ts'
import { referenceRules } from './reference-rules.ts'

const rules = { ...permissionRules, ...referenceRules, ...jobRules }
type RuleName = keyof typeof rules
const house = readHouse()

test('W1: the workflows of a release are there', () => {
  expect(house.workflows.map(({ path }) => path)).toEqual(
    expect.arrayContaining(
      [
        'calendar',
        'changes',
        'plan',
        'promote',
        'release',
        'rollout',
        'hotfix',
        'rollback',
        'post-release',
        'train',
        'watchdog',
      ].map((name) => `workflows/${name}.yml`),
    ),
  )
})

describe.each(house.workflows.map((workflow) => [workflow.path, workflow] as const))('%s', (_, workflow) => {
  test.each(Object.entries(rules))('%s', (_, rule) => {
    expect(rule(workflow, house)).toEqual([])
  })
})

/** A rule, one of our workflows, and a change after which the rule must speak. */
const wrong: ReadonlyArray<readonly [RuleName, string, string | RegExp, string, RegExp]> = [
  ['permissions are empty at the top', 'rollout', /^permissions: \{\}$/m, 'permissions: read-all', /top/],
  ['permissions are empty at the top', 'rollout', /^permissions: \{\}$/m, '', /top/],
  [
    'each job says its permissions',
    'rollout',
    /permissions:\n {6}contents: read # to read the plan\n {6}deployments: write[^\n]*/,
    'permissions: write-all',
    /^undo/,
  ],
  [
    'each scope has its reason beside it',
    'release',
    ' # to publish the GitHub Release and to close the record',
    '',
    /contents: write/,
  ],
  [
    'each scope has its reason beside it',
    'release',
    / {4}permissions:\n {6}contents: write # to publish[^\n]*\n {6}issues[^\n]*/,
    '    permissions: { contents: write, issues: write }',
    /own/,
  ],
  [
    'a called workflow asks for no more than the calling job grants',
    'release',
    /deployments: write # to report each step/,
    'deployments: read # to report each step',
    /deployments: write/,
  ],
  [
    'a called workflow asks for no more than the calling job grants',
    'release',
    / {6}issues: write # to keep[^\n]*\n/,
    '',
    /issues: write/,
  ],
  [
    'the job that runs a deployment cannot write the record',
    'rollout',
    'contents: read # to read your deployment',
    'contents: write # to read your deployment',
    /^walk/,
  ],
  [
    'a job that reads artifacts may read images of ghcr.io',
    'calendar',
    'packages: read # to look',
    'models: read # to look',
    /^look/,
  ],
  [
    'our own actions and workflows are referenced by $/',
    'release',
    '$/actions/plan-release',
    './actions/plan-release',
    /plan-release/,
  ],
  [
    'our own actions and workflows are referenced by $/',
    'release',
    '$/.github/workflows/rollout.yml',
    './.github/workflows/rollout.yml',
    /rollout/,
  ],
  [
    'our own actions and workflows are referenced by $/',
    'release',
    '$/actions/publish-notes',
    '$/actions/publish-note',
    /publish-note/,
  ],
  [
    'every other action is pinned by commit',
    'rollout',
    /actions\/checkout@\S+ # \S+/,
    'actions/checkout@v6',
    /v6/,
  ],
  ['every other action is pinned by commit', 'rollout', / # v6\.0\.2/, '', /checkout/],
  [
    'inputs and secrets that are given exist, required ones are given',
    'rollout',
    'undo-result:',
    'undone-result:',
    /undone-result/,
  ],
  [
    'inputs and secrets that are given exist, required ones are given',
    'release',
    /version: \$\{\{ needs.plan.outputs.version }}\n {6}environment/,
    'environment',
    /lacks the input version/,
  ],
  [
    'inputs and secrets that are given exist, required ones are given',
    'release',
    'RELMAN_METRICS_TOKEN: ${{',
    'RELMAN_METRIC_TOKEN: ${{',
    /RELMAN_METRIC_TOKEN/,
  ],
  [
    'outputs that are read are declared',
    'rollout',
    'steps.lock.outputs.token',
    'steps.lock.outputs.tokens',
    /tokens/,
  ],
  [
    'outputs that are read are declared',
    'rollout',
    'needs.evidence.outputs.evidence',
    'needs.evidence.outputs.proof',
    /proof/,
  ],
  [
    'outputs that are read are declared',
    'rollout',
    'needs: [lock, walk, undo, evidence]',
    'needs: [lock, walk, undo]',
    /needs\.evidence/,
  ],
  [
    'outputs that are read are declared',
    'rollout',
    'jobs.record.outputs.state',
    'jobs.walk.outputs.state',
    /walk has no output state/,
  ],
  [
    'outputs that are read are declared',
    'release',
    'jobs.rollout.outputs.state',
    'jobs.rollout.outputs.stage',
    /stage/,
  ],
  ['inputs and secrets that are read are declared', 'rollout', 'inputs.digest', 'inputs.digests', /digests/],
  ['each job that runs steps has a time-out', 'rollback', / {4}timeout-minutes: 15\n/, '', /^undo/],
  [
    'an environment makes no deployment of its own',
    'release',
    'deployment: false',
    'deployment: true',
    /^signoff/,
  ],
  [
    'an environment makes no deployment of its own',
    'release',
    /environment:\n {6}name: (.*)\n {6}deployment: false/,
    'environment: $1',
    /^signoff/,
  ],
  ['a concurrency group throws nobody out', 'release', 'queue: max', 'queue: single', /^rollout/],
  ['no concurrency group on a whole workflow', 'release', /^jobs:/m, 'concurrency: x\njobs:', /workflow/],
  [
    'no script contains an expression',
    'rollout',
    '- id: lock\n        uses: $/actions/risk-gate',
    `- run: echo \${{ inputs.version }}\n      - id: lock\n        uses: $/actions/risk-gate`,
    /^lock/,
  ],
  [
    'an undo follows every walk that did not succeed',
    'rollout',
    "always() && needs.lock.result == 'success' && needs.walk",
    "needs.lock.result == 'success' && needs.walk",
    /undo/,
  ],
  [
    'an undo follows every walk that did not succeed',
    'rollout',
    "needs.walk.result != 'success'",
    "needs.walk.result == 'failure'",
    /undo/,
  ],
  [
    'an undo follows every walk that did not succeed',
    'rollout',
    'operation: undo',
    'operation: manual',
    /no job undoes/,
  ],
  [
    'a way back waits for nobody',
    'rollout',
    /(name: undo[\s\S]*?name: )\$\{\{ inputs\.environment }}/,
    '$1signoff-operations',
    /waits for signoff/,
  ],
  [
    'a way back waits for nobody',
    'rollback',
    'name: undo\n',
    'name: undo\n    concurrency: { group: g, queue: max }\n',
    /concurrency group/,
  ],
  ['a way back waits for nobody', 'watchdog', '; it must have no reviewers', '', /nothing says/],
]

describe('the rules themselves', () => {
  test('each has a wrong sample', () => {
    expect([...new Set(wrong.map(([rule]) => rule))].sort()).toEqual(Object.keys(rules).sort())
  })

  test.each(wrong)('%s: %s with %s → %s', (rule, name, find, replacement, sentence) => {
    const path = `workflows/${name}.yml`
    const right = read(path)
    const text = right.replace(find, replacement)
    expect(text).not.toBe(right)
    const faults = rules[rule](readWorkflow(path, text), house)
    expect(faults.join('\n')).toMatch(sentence)
  })
})
