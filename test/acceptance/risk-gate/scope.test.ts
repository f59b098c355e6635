import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { changeBy, openStage, protect, type Stage } from './stage.ts'

jest.setTimeout(120_000)
let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(async () => {
  await stage.close()
  expect(stage.hub.violations).toEqual([])
})

test('G1, G4: green checks, a way back and protected environments: go, and it is in the record', async () => {
  const digest = await stage.plan()
  const { status, outputs, result, summary } = await stage.gate({ stage: 'scope', digest })
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([0, 'go', 'criteria-met'])
  expect(result.data['criteria']).toHaveLength(4)
  expect(summary).toContain('What could go wrong')
  expect(summary.indexOf('What could go wrong')).toBeLessThan(summary.indexOf('#### Criteria'))
  const release = await stage.release()
  expect(release).toMatchObject({ state: 'planning', lastKind: 'gated' })
  expect(release.phases[0]).toMatchObject({ name: 'planning', failure: null })
})

test('G1: a red check is a no-go, and L1: the release is rejected with the reason', async () => {
  stage.hub.putCheckRun(stage.sha, { name: 'lint', conclusion: 'failure' })
  const digest = await stage.plan()
  const { status, outputs, summary } = await stage.gate({ stage: 'scope', digest })
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'no-go', 'check-failed'])
  expect(summary).toContain('repair what lint found')
  expect(await stage.release()).toMatchObject({
    state: 'rejected',
    ending: { state: 'rejected', error: 'check-failed' },
  })
})

test('G1: a check that the policy names and that never ran is missing evidence, not a pass', async () => {
  const digest = await stage.plan({ policy: { gate: { checks: ['unit tests', 'security scan'] } } } as never)
  const { status, outputs, result } = await stage.gate({ stage: 'scope', digest })
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'inconclusive', 'check-missing'])
  expect(result.data['lookAgain']).toMatch(/^\d{4}-\d\d-\d\dT/)
  expect(await stage.release()).toMatchObject({ state: 'planning' })
})

test('G1: without any check nothing is proven; a pending one is waited for until the deadline', async () => {
  const quiet = stage.world.git('rev-parse', 'main~1')
  const none = await stage.gate({ stage: 'scope', digest: await stage.plan({ sha: quiet }) })
  expect([none.status, none.outputs['reason-code']]).toEqual([1, 'no-checks'])
  stage.hub.putCheckRun(quiet, { name: 'slow', status: 'in_progress', conclusion: null })
  const digest = await stage.plan({ sha: quiet, version: '1.2.0' })
  const pending = await stage.gate({ stage: 'scope', digest, deadline: '1s' })
  expect([pending.status, pending.outputs['reason-code']]).toEqual([1, 'check-pending'])
})

test('G1: criteria of the policy are held against risk and age', async () => {
  const gate = {
    criteria: [
      {
        id: 'low-risk',
        source: 'risk',
        operator: '<=',
        threshold: 'low',
        remedy: 'split it',
        owner: 'release owner',
      },
    ],
  }
  const digest = await stage.plan({ policy: { gate } } as never)
  const { outputs, summary } = await stage.gate({ stage: 'scope', digest })
  expect([outputs['decision'], outputs['reason-code']]).toEqual(['no-go', 'criterion-failed'])
  expect(summary).toContain('split it')
  expect(summary).toContain('release owner')
})

test.each([
  ['missing', [] as string[]],
  ['without reviewers', ['signoff-security']],
])('faults 35: a sign-off environment that is %s is refused before anybody is asked', async (_, names) => {
  for (const name of names) protect(stage.hub, name, [])
  const digest = await stage.plan({ signoffs: [{ role: 'security', environment: 'signoff-security' }] })
  const { status, outputs, result } = await stage.gate({ stage: 'scope', digest })
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([
    1,
    'no-go',
    'unprotected-environment',
  ])
  expect(result.message).toContain('signoff-security')
  expect(stage.hub.environment('signoff-security') === undefined).toBe(names.length === 0)
})

test('faults 36: reviewers of whom none can approve are refused before anybody is asked', async () => {
  protect(stage.hub, 'signoff-engineering', ['barbara', 'linus'])
  protect(stage.hub, 'signoff-operations', ['linus'])
  const digest = await stage.plan({ changes: [changeBy(stage.sha, 'Grace', ['grace'])] })
  const { outputs, result } = await stage.gate({ stage: 'scope', digest })
  expect([outputs['decision'], outputs['reason-code']]).toEqual(['no-go', 'unsatisfiable-reviewers'])
  expect(result.message).toContain('operations')
})

test('G4: no way back is known, or something else went live since: no-go; a first release says so', async () => {
  const rollback = {
    steps: [{ text: 'x', seconds: 1 }],
    executor: 'relman',
    triggers: ['t'],
    seconds: 1,
    database: '',
    state: '',
  }
  const unknown = await stage.gate({
    stage: 'scope',
    digest: await stage.plan({ rollback: { ...rollback, previous: null } }),
  })
  expect(unknown.outputs['reason-code']).toBe('rollback-target-unknown')
  const first = await stage.plan({
    version: '0.1.0',
    previous: null,
    rollback: { ...rollback, previous: null },
  })
  const begun = await stage.gate({ stage: 'scope', digest: first })
  expect([begun.status, begun.outputs['decision']]).toEqual([0, 'go'])
  expect(begun.summary).toContain('nothing to return to: first release')
  const later = await stage.plan({ version: '2.0.0' })
  await stage.store.append('shop', '1.5.0', [], {
    change: { live: { version: '1.5.0', sha: stage.sha, digest: later } },
  })
  const changed = await stage.gate({ stage: 'scope', digest: later })
  expect(changed.outputs['reason-code']).toBe('rollback-target-changed')
})

test('faults 30: a plan that was drawn again voids the earlier one', async () => {
  const before = await stage.plan()
  const after = await stage.plan({ plannedAt: '2026-11-20T11:00:00.000Z', revision: 2 })
  const old = await stage.gate({ stage: 'scope', digest: before })
  expect([old.status, old.outputs['decision'], old.outputs['reason-code']]).toEqual([
    1,
    'no-go',
    'superseded',
  ])
  expect(old.result.message).toContain(after.slice(0, 8))
  expect((await stage.gate({ stage: 'scope', digest: after })).status).toBe(0)
})

test('faults 85: a dry run decides the same and writes nothing', async () => {
  const digest = await stage.plan()
  const head = stage.world.git('rev-parse', 'relman-record')
  const { status, outputs } = await stage.gate({ stage: 'scope', digest, 'dry-run': 'true' })
  expect([status, outputs['decision']]).toEqual([0, 'go'])
  expect(stage.world.git('rev-parse', 'relman-record')).toBe(head)
})

test('untrusted text cannot become Markdown, HTML or a mention in the summary', async () => {
  const evil = '<img src=x> [click](https://evil.example) @ada | `code` ::error::\n# heading'
  stage.hub.putCheckRun(stage.sha, { name: evil, conclusion: 'failure' })
  const digest = await stage.plan({
    risk: {
      level: 'high',
      reasons: [{ item: evil, why: evil, level: 'high' }],
      blast: evil,
      reversibility: evil,
    },
  })
  const { summary } = await stage.gate({ stage: 'scope', digest })
  expect(summary).not.toMatch(/(?<!\\)<img|\[click\]\(|(?<![\w\\])@ada|^# heading/m)
})

test.each([
  [{ stage: 'exposed', digest: 'a'.repeat(64) }, 'write one of scope, signoff, production, exposure'],
  [{ stage: 'scope', digest: 'abc' }, 'write the digest that plan-release gave'],
  [{ stage: 'scope', digest: 'a'.repeat(64), deadline: 'soon' }, 'write a duration'],
  [{ stage: 'scope', digest: 'a'.repeat(64) }, 'holds no plan with the digest'],
  [{ stage: 'scope', digest: 'a'.repeat(64), 'github-token': '' }, 'github-token'],
])('faults 84: %j is one clear sentence', async (inputs, sentence) => {
  const { status, result, log } = await stage.gate(inputs as Record<string, string>)
  expect(status).toBe(1)
  expect(result.message).toContain(sentence)
  expect(log).not.toMatch(/\n\s+at /)
})
