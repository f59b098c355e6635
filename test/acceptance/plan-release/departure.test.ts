import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Clone, openClone } from './clone.ts'

let clone: Clone
beforeEach(() => {
  clone = openClone()
})
afterEach(() => clone.close())

const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString().slice(0, 16)

test('P13: a release starts when its train departs, and ends well on any other day', () => {
  const [before, later] = [hours(-1), hours(30)]
  const policy = (trains: string) => ({
    '.github/relman.yml': `schedule:\n  avoid: []\n  trains: ${trains}\n`,
  })
  clone.commit(
    'feat: begin',
    policy(`[{ name: weekly, every: week, first: "${before}", cutoff: 0s, type: patch }]`),
  )
  clone.tag('v1.0.0')
  clone.commit('fix: a')
  const sha = clone.git('rev-parse', 'HEAD')
  clone.commit('feat: merged after the cutoff')
  const people = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org']
  execFileSync('git', [...people, 'commit', '-q', '--amend', '--no-edit'], { cwd: clone.folder })
  const left = clone.plan({ departure: 'true' })
  expect([left.status, left.result.decision]).toEqual([0, 'planned'])
  const { train, notice, window } = left.plan.schedule
  expect([train.name, train.at.slice(0, 16), train.aboard, notice]).toEqual(['weekly', before, 1, 0])
  expect(Date.parse(window.start) - Date.now()).toBeLessThan(36 * 3_600_000)
  expect([left.plan.version, left.plan.sha, train.missed]).toEqual([
    '1.0.1',
    sha,
    [expect.stringMatching(/merged after the cutoff/)],
  ])
  expect(clone.plan().plan.version).toBe('1.1.0')
  expect(clone.plan().plan.schedule.notice).toBeGreaterThan(0)
  clone.commit(
    'chore: timetable',
    policy(`[{ name: weekly, every: week, first: "${later}", cutoff: 0s, type: minor }]`),
  )
  const none = clone.plan({ departure: 'true' })
  expect([none.status, none.result.decision, none.result.reasonCode, none.plan]).toEqual([
    0,
    'no-release',
    'no-departure',
    null,
  ])
  expect(none.summary).toContain(`the next is weekly at ${later}`)
  clone.commit('chore: no trains', policy('[]'))
  const wrong = clone.plan({ departure: 'true' })
  expect([wrong.status, wrong.result.message]).toEqual([
    1,
    expect.stringMatching(/input "departure": no train is configured/),
  ])
}, 60_000)

test('P7: the plan of a repository that a manifest names shows its place, the split, and what does not fit', () => {
  const part = (name: string, needs: string, more = '') =>
    `  - { component: ${name}, team: ${name}, repository: acme/${name}, needs: [${needs}]${more} }\n`
  const manifest = (more = '') =>
    `schema: 1\nname: autumn <b>\nowner: ada\ncheckpoint: "2026-11-20T14:00:00Z"\ncomponents:\n${part('ledger', '')}${part('checkout', 'ledger', ', version: 9.9.9')}${part('shop', 'checkout, ledger', more)}${part('mail', 'shop, checkout')}`
  clone.commit('feat: begin', { 'release-manifest.yml': manifest() })
  const { summary } = clone.plan()
  expect(summary).toMatch(/### Its place in autumn \\<b\\>, a release of 4 components/)
  expect(summary).toMatch(/- Layer 2 of 4, led by ada, for the team checkout/)
  expect(summary).toMatch(/- Before it: ledger\n- After it: shop, mail; in a rollback back before it/)
  expect(summary).toMatch(/\*\*The manifest means 9\.9\.9, and this is 0\.1\.0\*\*/)
  expect(summary).toMatch(/- Proposed split: 5 dependencies between teams/)
  clone.commit('fix: b', {
    'release-manifest.yml': manifest().replace('acme/ledger,', 'acme/ledger, blocked: audit,'),
  })
  expect(clone.plan().summary).toMatch(/- \*\*Deferred\*\*: needs ledger, which is deferred/)
  clone.commit('fix: c', { 'release-manifest.yml': 'schema: 1\n' })
  const broken = clone.plan()
  expect([broken.status, broken.summary]).toEqual([
    0,
    expect.stringMatching(/place in release-manifest\.yml is not known: .*missing/),
  ])
}, 60_000)
