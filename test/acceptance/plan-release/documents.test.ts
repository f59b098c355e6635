import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { changeRequest } from '@relman/core/change-request/change-request'
import type { EventKind } from '@relman/core/record/event'
import { type Clone, openClone } from './clone.ts'
import { type Hosted, openHosted } from './hub.ts'

let close: () => void | Promise<void> = () => {}
afterEach(async () => close())

const files = (clone: Clone): Record<string, string> => {
  const base = join(clone.folder, '..')
  const temp = readdirSync(base).find((name) => /^(temp|job)-/.test(name)) ?? ''
  const names = ['risk-register.md', 'communication-plan.md', 'people.md', 'change-request.json']
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(base, temp, name), 'utf8')]))
}

const policy = `
service: shop
purpose: { theme: Faster checkout, objectives: [{ text: p99 below 1 s }, { text: fewer calls, metric: tickets }] }
communication: { stakeholders: [{ who: support, channel: '#support' }] }
people: { escalation: [{ who: Kim, within: 10m }] }
promotion: { environments: [staging, production], keep: 5 }
`

test('P17, P18, P19, P21, P24, P25, P26: the documents lie beside the plan and are folded into the summary', () => {
  const clone = openClone()
  close = clone.close
  clone.commit('feat: begin', { '.github/relman.yml': policy })
  clone.tag('v1.0.0')
  clone.commit('feat: pay | <b>later</b>', { 'src/payment/pay.ts': 'x' })
  const { status, summary, outputs, plan } = clone.plan()
  expect(status).toBe(0)
  const found = files(clone)
  expect(found['risk-register.md']).toMatch(/^# Risk register: shop 1\.1\.0[\s\S]*\| `no-metric` \| high \|/)
  expect(found['communication-plan.md']).toMatch(
    /\| support \| shop 1\\?\.1\\?\.0 is planned: .*Faster checkout/,
  )
  expect(found['people.md']).toMatch(/1\. Kim, until 10 min[\s\S]*staging → production[\s\S]*last 5 versions/)
  const request = changeRequest.parse(JSON.parse(found['change-request.json'] ?? ''))
  expect(request).toMatchObject({ digest: outputs['digest'], kind: 'normal', reason: 'Faster checkout' })
  expect(request.start).toBe(plan.schedule.window.start)
  expect(summary).toMatch(
    /## What it is for: Faster checkout\n\n- p99 below 1 s: \*\*not measured by anything\*\*/,
  )
  expect(summary.match(/<details><summary>(Risk register|Communication plan|People)/g)).toHaveLength(3)
  for (const page of Object.values(found).slice(0, 3)) expect(page).not.toContain('<b>')
}, 60_000)

test('P24: an order of environments that contradicts the rollout is refused, and nothing is planned', () => {
  const clone = openClone()
  close = clone.close
  clone.commit('feat: begin', { '.github/relman.yml': 'promotion: { environments: [production, alpha] }\n' })
  clone.tag('v1.0.0')
  clone.commit('fix: a')
  const { status, result } = clone.plan()
  expect([status, result.reasonCode]).toEqual([1, 'configuration-error'])
  expect(result.message).toMatch(
    /relman\.yml:1:\d+: promotion\.environments\[1\]: write the environment of the rollout last/,
  )
}, 60_000)

const elsewhere = `elsewhere:
  - { what: configuration, paths: ['config/**'], go: push it with the configuration pipeline }
  - { what: infrastructure, paths: ['**/*.tf'], go: terraform apply from the infrastructure repository }
`

test.each([
  ['configuration only', { 'config/a.json': '1' }, {}, 'no-release'],
  ['infrastructure and configuration', { 'config/a.json': '1', 'net/main.tf': '' }, {}, 'no-release'],
  ['a line of code beside it', { 'config/a.json': '1', 'src/a.ts': '' }, {}, 'planned'],
  ['code that somebody calls small', { 'src/a.ts': '' }, {}, 'planned'],
  ['a type that the caller names', { 'config/a.json': '1' }, { type: 'patch' }, 'planned'],
] as const)(
  'L7: %s',
  (_, change, inputs, decision) => {
    const clone = openClone()
    close = clone.close
    clone.commit('feat: begin', { '.github/relman.yml': elsewhere })
    clone.tag('v1.0.0')
    clone.commit('chore: a small change, no release needed', { ...change })
    const { status, result, summary } = clone.plan({ ...inputs })
    expect([status, result.decision]).toEqual([0, decision])
    if (decision === 'planned') return
    expect(result.reasonCode).toBe('no-release-needed')
    expect(summary).toMatch(
      /\*\*configuration\*\*: push it with the configuration pipeline \(`config\/a\.json`\)/,
    )
  },
  60_000,
)

test('L7: what usually is no release is suggested, and granted only once the policy names it', () => {
  const clone = openClone()
  close = clone.close
  clone.commit('feat: begin', { '.github/relman.yml': 'service: shop\n' })
  clone.tag('v1.0.0')
  clone.commit('chore: no release needed, a small change', { 'net/main.tf': '' })
  const planned = clone.plan()
  expect([planned.status, planned.result.decision]).toEqual([0, 'planned'])
  expect(planned.summary).toMatch(
    /## Perhaps no release\n\nOnly infrastructure changed \(`net\/main\.tf`\)[\s\S]*elsewhere:\n {2}- \{ what: infrastructure \}/,
  )
  expect(clone.plan({ type: 'patch' }).summary).not.toMatch(/Perhaps no release/)
  clone.commit('chore: policy', { '.github/relman.yml': 'elsewhere: [{ what: infrastructure }]\n' })
  clone.tag('v1.0.1')
  clone.commit('fix: net', { 'net/main.tf': 'x' })
  const granted = clone.plan()
  expect([granted.result.decision, granted.result.reasonCode]).toEqual(['no-release', 'no-release-needed'])
  expect(granted.summary).toMatch(/\*\*infrastructure\*\*: apply it with the pipeline of your infrastructure/)
}, 60_000)

test('L7: a change of the policy does not excuse itself', () => {
  const clone = openClone()
  close = clone.close
  clone.commit('feat: begin')
  clone.tag('v1.0.0')
  clone.git('update-ref', 'refs/remotes/origin/main', 'HEAD')
  clone.commit('chore: all is configuration', {
    '.github/relman.yml': "elsewhere: [{ what: all, paths: ['**'], go: nowhere }]\n",
  })
  expect(clone.plan().result.decision).toBe('planned')
}, 60_000)

const draft = (kind: EventKind, key: string, digest: string, data = {}) => ({
  ...{ kind, key, actor: 'ada', run: null, digest, token: null, data },
})
const hub = async (text = 'service: shop\n'): Promise<Hosted> => {
  const hosted = await openHosted((clone) => {
    clone.commit('feat: begin', { '.github/relman.yml': text })
    clone.tag('v1.0.0')
    clone.commit('fix: a')
  })
  close = async () => {
    expect(hosted.hub.violations).toEqual([])
    await hosted.close()
  }
  return hosted
}

test('L4: a new revision says what it changes and which sign-offs it voids', async () => {
  const hosted = await hub()
  const first = await hosted.plan()
  const digest = first.outputs['digest'] ?? ''
  const signoff = { role: 'engineering', environment: 'signoff-engineering', by: 'grace', comment: 'ok' }
  await hosted.store.append('shop', '1.0.1', [
    draft('signed-off', 's', digest, signoff),
    draft('approved', 'a', digest),
  ])
  expect(first.summary).not.toMatch(/Since revision/)
  hosted.clone.commit('fix: b (#9)')
  hosted.push()
  const second = await hosted.plan()
  expect(second.summary).toMatch(/## Since revision 1\n\n- Added: #9 b\n- Different: commit: [0-9a-f]{12} → /)
  expect(second.summary).toMatch(
    /\*\*Void\*\*: the sign-off of engineering \(grace\); it was for revision 1 only/,
  )
  expect(second.summary).toMatch(/\*\*Void\*\*: the approval of revision 1/)
  const planned = (await hosted.store.events('shop', '1.0.1')).filter(({ kind }) => kind === 'planned')
  expect(planned.map(({ data }) => data['since'])).toEqual([
    undefined,
    expect.objectContaining({ from: 1, digest, voids: [{ role: 'engineering', by: 'grace' }] }),
  ])
}, 120_000)

test('L6: after a release that was taken back, the next plan bakes longer and begins smaller, and says why', async () => {
  const steps =
    'steps: [{ weight: 10, margin: 1 %, min: 60, max: 900 }, { weight: 50, margin: 1 %, min: 60, max: 900 }]'
  const hosted = await hub(`service: shop\nrollout: { ${steps} }\n`)
  const first = await hosted.plan()
  const digest = first.outputs['digest'] ?? ''
  const least = (plan: typeof first.plan): number[] =>
    plan.policy.rollout.steps.map(({ min }: { min: number }) => min)
  expect([first.plan.lessons, first.plan.policy.rollout.steps[0].weight]).toEqual([[], 10])
  await hosted.store.append('shop', '1.0.1', [
    draft('approved', 'a', digest),
    draft('started', 'b', digest),
    draft('deployment-failed', 'c', digest),
    draft('rolled-back', 'd', digest, { reason: 'latency-above-margin' }),
  ])
  hosted.clone.commit('feat: b')
  hosted.push()
  const second = await hosted.plan({ type: 'minor' })
  expect(second.plan.policy.rollout.steps[0].weight).toBe(5)
  expect(second.plan.lessons.map(({ change }: { change: string }) => change)).toEqual([
    'least bakes are twice as long',
    'the first step is 5 % in the place of 10 %',
    '1 change counts one level riskier: it touches files that it changed (src/file-2.ts)',
  ])
  expect(Math.min(...least(second.plan))).toBeGreaterThanOrEqual(2 * Math.min(...least(first.plan)))
  expect(second.summary).toMatch(
    /## What past releases changed in this plan\n\n- least bakes .* rolled back \(latency-above-margin\) \(1\.0\.1\)/,
  )
  expect(second.plan.proposed).toEqual([
    {
      id: 'proposed-latency',
      text: 'p99 < 1.2 × baseline (a check of kind latency)',
      from: '1.0.1',
      why: 'it was taken back for latency-above-margin, and no check is about latency',
      unseen: true,
    },
  ])
  expect(second.summary).toMatch(
    /## Criteria of past releases\n\n- p99 \\< 1\.2 × baseline .* \(1\.0\.1\): \*\*not answered\*\*/,
  )
  const ticket = (await hosted.hub.issues.all()).find(({ title }) => title === 'Release shop 1.1.0')
  expect(ticket?.body).toMatch(/\n- Criterion of a past release: p99 \\< 1\.2 × baseline/)
}, 120_000)

test('P12: a hotfix that is not on the main line is reported until it is, also as another commit', async () => {
  const hosted = await hub()
  const { clone } = hosted
  clone.git('switch', '-q', '-c', 'hotfix', 'v1.0.0')
  clone.commit('fix: urgent', { 'src/urgent.ts': 'mended' })
  clone.commit('chore(release): 1.0.1', { VERSION: '1.0.1' })
  hosted.push()
  const hotfix = await hosted.plan({ type: 'hotfix', ref: 'hotfix' })
  const digest = hotfix.outputs['digest'] ?? ''
  expect([hotfix.outputs['version'], hotfix.plan.type]).toEqual(['1.0.1', 'hotfix'])
  const events = ['approved', 'started', 'deployed', 'completed'] as const
  await hosted.store.append(
    'shop',
    '1.0.1',
    events.map((kind) => draft(kind, kind, digest)),
  )
  clone.tag('v1.0.1')
  clone.git('switch', '-q', 'main')
  clone.commit('feat: next')
  hosted.push()
  const before = await hosted.plan({ type: 'minor' })
  expect(before.plan.gaps.join('\n')).toMatch(/hotfix 1\.0\.1: 1 commit is not on the main line yet/)
  const main = clone.git('rev-parse', 'HEAD')
  clone.git('cherry-pick', 'hotfix~1')
  const picked = await hosted.plan({ type: 'minor' })
  expect(picked.plan.gaps.join('\n')).not.toMatch(/hotfix/)
  clone.git('reset', '-q', '--hard', main)
  clone.commit('refactor: own', { 'src/urgent.ts': 'of its own' })
  clone.git('cherry-pick', '-X', 'theirs', 'hotfix~1')
  const changed = await hosted.plan({ type: 'minor' })
  expect(changed.plan.gaps.join('\n')).not.toMatch(/hotfix/)
  clone.git('revert', '--no-edit', 'HEAD')
  const undone = await hosted.plan({ type: 'minor' })
  expect(undone.plan.gaps.join('\n')).toMatch(/hotfix 1\.0\.1: 1 commit is not on the main line yet/)
  clone.git('reset', '-q', '--hard', main)
  clone.git('merge', '--squash', 'hotfix~1')
  clone.commit('fix: urgent (#9)', { 'CHANGELOG.md': 'urgent' })
  const squashed = await hosted.plan({ type: 'minor' })
  expect(squashed.plan.gaps.join('\n')).not.toMatch(/hotfix/)
}, 120_000)
