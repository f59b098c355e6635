import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { changeBy, openStage, type Stage } from './stage.ts'

jest.setTimeout(120_000)
let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(async () => {
  await stage.close()
  expect(stage.hub.violations).toEqual([])
})

const both = { engineering: 'grace', operations: 'linus' }

test('G5: two people agree, for this plan, in this attempt: approved', async () => {
  const digest = await stage.plan()
  const { status, outputs } = await stage.approve(digest, both)
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([0, 'go', 'criteria-met'])
  const release = await stage.release()
  expect(release.state).toBe('approved')
  expect(release.signoffs).toMatchObject([
    { role: 'engineering', by: 'grace', digest, run: stage.runId, attempt: 1, comment: 'approved' },
    { role: 'operations', by: 'linus', digest, run: stage.runId, attempt: 1 },
  ])
})

test('faults 28: whoever started the run cannot sign off, also by another role', async () => {
  const digest = await stage.plan()
  await stage.review('signoff-engineering', 'grace')
  const { status, outputs } = await stage.gate(
    { stage: 'signoff', role: 'engineering', digest },
    { actor: 'grace' },
  )
  expect([status, outputs['reason-code']]).toEqual([1, 'self-approval'])
  expect((await stage.release()).signoffs).toEqual([])
})

test.each([
  ['login', changeBy('f'.repeat(40), 'Grace')],
  ['co-author', changeBy('f'.repeat(40), 'somebody else', ['grace'])],
])('faults 27: an author (%s) of a change cannot sign off', async (_, change) => {
  const digest = await stage.plan({ changes: [change] })
  await stage.review('signoff-engineering', 'grace')
  const signoff = await stage.gate({ stage: 'signoff', role: 'engineering', digest })
  expect([signoff.status, signoff.outputs['reason-code']]).toEqual([1, 'self-approval'])
  const production = await stage.gate({ stage: 'production', digest })
  expect(production.outputs['reason-code']).toBe('self-approval')
  expect(await stage.release()).toMatchObject({ state: 'rejected' })
})

test('faults 29: one person fills one role', async () => {
  const digest = await stage.plan()
  const { status, outputs } = await stage.approve(digest, { engineering: 'grace', operations: 'grace' })
  expect([status, outputs['reason-code']]).toEqual([1, 'same-person-two-roles'])
})

test('faults 33: a rejection is written down with who said no and what they said', async () => {
  const digest = await stage.plan()
  await stage.gate({ stage: 'scope', digest })
  await stage.review('signoff-engineering', 'grace')
  await stage.gate({ stage: 'signoff', role: 'engineering', digest })
  await stage.review('signoff-operations', 'linus', 'rejected', 'not on a Friday <script>')
  const { status, outputs, summary } = await stage.gate({ stage: 'production', digest })
  expect([status, outputs['reason-code']]).toEqual([1, 'approval-rejected'])
  expect(summary).not.toContain('<script>')
  expect(await stage.release()).toMatchObject({ state: 'rejected', ending: { error: 'approval-rejected' } })
})

test('G5: a role that was not asked is not agreed', async () => {
  const digest = await stage.plan()
  const { status, outputs } = await stage.approve(digest, { engineering: 'grace' })
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'no-go', 'approval-missing'])
})

test('faults 34: a job that ran without an approval was bypassed', async () => {
  const digest = await stage.plan()
  await stage.gate({ stage: 'scope', digest })
  const signoff = await stage.gate({ stage: 'signoff', role: 'engineering', digest })
  expect([signoff.status, signoff.outputs['reason-code']]).toEqual([1, 'approval-bypassed'])
  await stage.review('signoff-operations', 'linus')
  await stage.gate({ stage: 'signoff', role: 'operations', digest })
  const { outputs } = await stage.gate({ stage: 'production', digest })
  expect(outputs['reason-code']).toBe('approval-bypassed')
})

test('faults 31: approvals of an earlier attempt do not count in a later one', async () => {
  const digest = await stage.plan()
  expect((await stage.approve(digest, both)).status).toBe(0)
  stage.hub.updateRun(stage.runId, { attempt: 2 } as never)
  const failedJobsOnly = await stage.gate({ stage: 'production', digest }, { attempt: 2 })
  expect(failedJobsOnly.outputs['reason-code']).toBe('wrong-attempt')
  const alone = await stage.gate({ stage: 'signoff', role: 'engineering', digest }, { attempt: 2 })
  expect(alone.outputs['reason-code']).toBe('wrong-attempt')
  await stage.gate({ stage: 'scope', digest }, { attempt: 2 })
  const bypassed = await stage.gate({ stage: 'signoff', role: 'engineering', digest }, { attempt: 2 })
  expect(bypassed.outputs['reason-code']).toBe('approval-bypassed')
})

test('faults 31: asked anew in the later attempt, people can agree again', async () => {
  const digest = await stage.plan()
  await stage.gate({ stage: 'scope', digest })
  await stage.review('signoff-engineering', 'grace', 'rejected')
  expect((await stage.gate({ stage: 'production', digest })).outputs['reason-code']).toBe('approval-rejected')
  const again = await stage.approve(digest, { engineering: 'linus', operations: 'grace' }, 2)
  expect([again.status, again.outputs['decision']]).toEqual([0, 'go'])
  const release = await stage.release()
  expect(release.state).toBe('approved')
  expect(release.signoffs.map(({ attempt }) => attempt)).toEqual([2, 2])
})

test('faults 30: what was signed off for an earlier revision does not count for a later one', async () => {
  const before = await stage.plan()
  expect((await stage.approve(before, both)).status).toBe(0)
  const after = await stage.plan({ revision: 2 })
  const { outputs } = await stage.gate({ stage: 'production', digest: after })
  expect([outputs['decision'], outputs['reason-code']]).toEqual(['no-go', 'wrong-digest'])
})

test('a role that the plan does not know is a configuration error', async () => {
  const digest = await stage.plan()
  const { outputs, result } = await stage.gate({ stage: 'signoff', role: 'cab', digest })
  expect(outputs['reason-code']).toBe('configuration-error')
  expect(result.message).toContain('engineering, operations')
})
