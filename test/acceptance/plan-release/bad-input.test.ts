import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Clone, openClone } from './clone.ts'

let clone: Clone
beforeEach(() => {
  clone = openClone()
  clone.commit('feat: begin')
  clone.tag('v1.0.0')
  clone.commit('fix: a')
})
afterEach(() => clone.close())

/** One clear error: red, nothing planned, no stack. */
const refused = (planned: ReturnType<Clone['plan']>, reasonCode: string, words: RegExp) => {
  expect([planned.status, planned.result.reasonCode, planned.text, planned.outputs['digest'] ?? '']).toEqual([
    1,
    reasonCode,
    '',
    '',
  ])
  expect(planned.result.message).toMatch(words)
  expect(planned.log).not.toMatch(/\n\s+at /)
}

test('79: a shallow clone names fetch-depth', () => {
  const shallow = mkdtempSync(join(clone.folder, '..', 'shallow-'))
  execFileSync('git', ['clone', '-q', '--depth', '1', `file://${clone.folder}`, shallow])
  refused(clone.plan({}, { GITHUB_WORKSPACE: shallow }), 'shallow-clone', /fetch-depth: 0/)
})

test('79: a folder that is no repository, or is not there', () => {
  const empty = mkdtempSync(join(tmpdir(), 'relman-empty-'))
  refused(clone.plan({}, { GITHUB_WORKSPACE: empty }), 'configuration-error', /not inside a git repository/)
  refused(clone.plan({ 'repository-path': 'nowhere' }), 'configuration-error', /does not exist/)
  refused(clone.plan({}, { PATH: empty }), 'configuration-error', /git is not installed/)
})

test('a repository without a commit', () => {
  const fresh = mkdtempSync(join(tmpdir(), 'relman-fresh-'))
  execFileSync('git', ['init', '-q', fresh])
  refused(clone.plan({}, { GITHUB_WORKSPACE: fresh }), 'configuration-error', /"HEAD" is no commit/)
})

test('15: unknown and ambiguous names', () => {
  refused(clone.plan({ ref: 'nope' }), 'configuration-error', /"nope" is no commit, tag or branch/)
  refused(clone.plan({ from: '--output=x' }), 'configuration-error', /is not a commit, tag or branch/)
  clone.git('branch', 'v1.0.0')
  clone.git('tag', 'twin', 'v1.0.0~0^{commit}')
  clone.git('branch', 'twin', 'main')
  refused(clone.plan({ ref: 'twin' }), 'configuration-error', /both a tag and a branch/)
})

test('84: inputs are read strictly, and all faults are listed', () => {
  const planned = clone.plan({ 'dry-run': 'yes', type: 'huge', record: '1' })
  refused(planned, 'configuration-error', /"dry-run".*"yes"[\s\S]*"type"[\s\S]*"record"/)
})

test('18, 19: a bad configuration names file, line, column and the fix', () => {
  clone.commit('chore: policy', {
    '.github/relman.yml': 'service: checkout\nrollot:\n  steps: []\nmode: enforced\n',
  })
  refused(
    clone.plan(),
    'configuration-error',
    /^\.github\/relman\.yml:2:1: unknown key "rollot"; did you mean "rollout"\?\n\.github\/relman\.yml:4:7: mode: .*"enforce"/,
  )
})

test('23: a ladder that does not grow is refused before anybody relies on it', () => {
  clone.commit('chore: policy', {
    '.github/relman.yml':
      'rollout:\n  steps:\n    - { weight: 50, margin: 1 % }\n    - { weight: 5, margin: 1 % }\n',
  })
  refused(clone.plan(), 'configuration-error', /larger weight than the one before/)
})

test('25: the policy may not be a link, nor lie outside', () => {
  refused(
    clone.plan({ config: '../../etc/passwd' }),
    'configuration-error',
    /not a path inside the repository/,
  )
  mkdirSync(join(clone.folder, '.github'))
  symlinkSync('/etc/hostname', join(clone.folder, '.github/relman.yml'))
  clone.commit('chore: link', {})
  refused(clone.plan(), 'configuration-error', /symbolic link/)
})

test('16, G11: policy comes from the default branch, not from the change under judgement', () => {
  clone.commit('chore: policy', {
    '.github/relman.yml': 'signoff: { low: [security], medium: [security], high: [security] }\n',
  })
  clone.git('switch', '-q', '-c', 'topic')
  clone.commit('fix: less work', { '.github/relman.yml': 'signoff: { low: [], medium: [], high: [] }\n' })
  const { outputs, plan } = clone.plan()
  expect(outputs['signoffs']).toBe('[{"role":"security","environment":"signoff-security"}]')
  expect(plan.policySource.sha).toBe(
    createHash('sha256')
      .update('signoff: { low: [security], medium: [security], high: [security] }\n')
      .digest('hex'),
  )
  expect([plan.risk.level, plan.risk.reasons[0].why]).toEqual([
    'high',
    'the release policy or who must review (.github/relman.yml)',
  ])
})

test('17: without a policy the safe defaults hold, and the plan says so', () => {
  const { plan, outputs } = clone.plan()
  expect(plan.policySource).toBeNull()
  expect(plan.gaps).toContain('there is no .github/relman.yml on main: the defaults hold')
  expect(plan.gaps.join()).toMatch(/no github-token/)
  expect(JSON.parse(outputs['signoffs'] ?? '')).toEqual([
    { role: 'engineering', environment: 'signoff-engineering' },
  ])
})

test('1, 2, 4, 5, 6, 7, 8, 9: hostile titles, paths and names stay inert', () => {
  const dollar = '$'
  const branch = `a";touch${dollar}{IFS}pwned;"`
  const hostile = [
    `feat: $(touch pwned) \`touch pwned\` ${dollar}{{ secrets.X }}`,
    'fix: @everyone @acme/all #1 GH-2 a/b@0123456 <img src=x onerror=alert(1)> <!-- relman notes begin -->',
    'fix: | a | b | ``` ```mermaid [x](javascript:alert(1)) https://evil.example www.evil.example',
    'fix: \u202egnp.exe\u202c zero\u200bwidth \u001b[31mred\u0007 ::set-output name=x::y',
  ]
  for (const [index, title] of hostile.entries())
    clone.commit(`${title} (#${index + 2})`, { [`src/-rf ${index}\n"x;y" é.ts`]: '' })
  clone.git('branch', branch)
  const { status, outputs, summary, plan, deploymentPlan, log } = clone.plan({ ref: branch })
  expect(status).toBe(0)
  expect(clone.git('status', '--porcelain')).toBe('')
  expect(plan.changes).toHaveLength(5)
  expect(plan.changes[0].files).toBe(1)
  for (const text of [summary, deploymentPlan]) {
    expect(text).not.toMatch(/(^|[^\\])<(img|!--)/)
    expect(text).not.toMatch(/@(everyone|acme)|GH-2|https:\/\/evil|www\.evil|\u202e|\u200b|\u001b/)
    // A fence of its own line is that of our chart: no title holds a line break.
    expect(text).not.toMatch(/[^\\\n]```/)
  }
  expect(log).not.toMatch(/^::set-output/m)
  expect(outputs['version']).toBe('1.1.0')
})

test('13: names that are not UTF-8 become readable, and the plan stays JSON', () => {
  const message = Buffer.concat([Buffer.from('fix: caf'), Buffer.from([0xe9, 0xff]), Buffer.from(' x')])
  const head = `commit refs/heads/main\ncommitter A <a@example.org> 1800000000 +0000\ndata ${message.length}\n`
  clone.importStream(Buffer.concat([Buffer.from(head), message, Buffer.from('\nfrom refs/heads/main^0\n\n')]))
  const { status, plan } = clone.plan()
  expect([status, plan.changes[0].title]).toEqual([0, expect.stringMatching(/^caf\ufffd/)])
})

test('10: a title of 100,000 characters is cut, not a crash', () => {
  clone.commit(`fix: ${'x'.repeat(100_000)}`)
  const { status, plan, summary } = clone.plan()
  expect([status, plan.changes[0].title.length]).toEqual([0, 500])
  expect(summary.length).toBeLessThan(20_000)
})

test('81: locale and time zone change nothing', () => {
  const strip = (text: string) => text.replace(/"plannedAt":"[^"]*"/, '')
  const here = strip(clone.plan().text)
  expect(strip(clone.plan({}, { LC_ALL: 'tr_TR.UTF-8', LANG: 'de_DE.UTF-8', TZ: 'Pacific/Apia' }).text)).toBe(
    here,
  )
})

test('77: a folder that cannot be written is named', () => {
  refused(clone.plan({}, { RUNNER_TEMP: '/proc/nowhere' }), 'configuration-error', /RUNNER_TEMP/)
})
