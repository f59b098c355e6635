import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Clone, openClone } from './clone.ts'

let clone: Clone
beforeEach(() => {
  clone = openClone()
})
afterEach(() => clone.close())

const from = (...tags: string[]) => {
  clone.commit('feat: begin')
  clone.tag(...tags)
}

const versions: [string, string[], string[], string, string][] = [
  ['a fix is a patch', ['v1.2.3'], ['fix: a'], '1.2.4', 'patch'],
  ['a feature is a minor', ['v1.2.3'], ['fix: a', 'feat(cart): b (#12)'], '1.3.0', 'minor'],
  ['a bang is a major', ['v1.2.3'], ['feat!: a'], '2.0.0', 'major'],
  ['a bang after a type of its own is a major', ['v1.2.3'], ['api!: a'], '2.0.0', 'major'],
  ['a shipped change brought in again is what it is', ['v1.2.3'], ['Reapply "feat!: a"'], '2.0.0', 'major'],
  ['a footer is a major', ['v1.2.3'], ['fix: a\n\nBREAKING CHANGE: b is gone'], '2.0.0', 'major'],
  ['before 1.0.0 breaking is a minor', ['v0.4.2'], ['feat!: a'], '0.5.0', 'minor'],
  ['documentation is a patch', ['v1.2.3'], ['docs: a'], '1.2.4', 'patch'],
  ['a deprecation is a minor', ['v1.2.3'], ['deprecate: a'], '1.3.0', 'minor'],
  ['housekeeping is a patch', ['v1.2.3'], ['chore: a', 'ci: b'], '1.2.4', 'patch'],
  ['what nobody can read is a patch', ['v1.2.3'], ['Tidy the shop window'], '1.2.4', 'patch'],
  ['tags without v', ['1.2.3'], ['feat: a'], '1.3.0', 'minor'],
  ['a pre-release is not the last release', ['v1.2.3', 'v1.3.0-nightly.4'], ['fix: a'], '1.2.4', 'patch'],
  ['an announced version is kept', ['v1.2.3', 'v2.0.0-rc.1'], ['fix: a'], '2.0.0', 'major'],
  ['a tag of two numbers is a release', ['v1.1.1', 'v1.3'], ['fix: a'], '1.3.1', 'patch'],
  ['a moving minor tag is no release', ['v1.2.3', 'v1.2'], ['fix: a'], '1.2.4', 'patch'],
  ['a moving major tag is no release', ['v1.2.3', 'v1'], ['fix: a'], '1.2.4', 'patch'],
]

test.each(versions)('P1: %s', (_, tags, messages, version, bump) => {
  from(...tags)
  for (const message of messages) clone.commit(message)
  const { status, outputs, plan } = clone.plan()
  expect([status, outputs['decision'], outputs['version'], plan.bump]).toEqual([0, 'planned', version, bump])
  expect(outputs['tag']).toBe(tags[0]?.startsWith('v') ? `v${version}` : version)
  expect(plan.why.filter((row: { decides: boolean }) => row.decides)).toHaveLength(
    // Housekeeping asks for nothing; an announced version was decided by who announced it.
    messages.includes('chore: a') || tags.includes('v2.0.0-rc.1') ? 0 : 1,
  )
})

test('P1, 90, complaint 8: a reverted feature does not count, and a reverted revert does again', () => {
  from('v1.0.0')
  const sha = clone.commit('feat: a')
  clone.commit('fix: b')
  const revert = clone.commit(`Revert "feat: a"\n\nThis reverts commit ${sha}.`)
  expect(clone.plan().outputs['version']).toBe('1.0.1')
  clone.commit(`Reapply "feat: a"\n\nThis reverts commit ${revert}.`)
  const { outputs, plan } = clone.plan()
  expect(outputs['version']).toBe('1.1.0')
  expect(plan.changes.map(({ reverted }: { reverted: boolean }) => reverted)).toEqual([
    true,
    true,
    false,
    false,
  ])
})

test('P1, complaint 8: a revert of what was shipped is a change of its own', () => {
  const shipped = clone.commit('feat: a')
  clone.tag('v1.0.0')
  clone.commit(`Revert "feat: a"\n\nThis reverts commit ${shipped}.`)
  const { outputs, plan } = clone.plan()
  expect([outputs['version'], plan.changes[0].kind, plan.changes[0].reverted]).toEqual([
    '1.0.1',
    'revert',
    false,
  ])
})

test('P1, complaint 8: a revert of what was shipped leaves another change of the same subject alone', () => {
  const shipped = clone.commit('fix: typo')
  clone.tag('v1.0.0')
  clone.commit('fix: typo')
  clone.commit(`Revert "fix: typo"\n\nThis reverts commit ${shipped}.`)
  const { outputs, plan } = clone.plan()
  expect(outputs['version']).toBe('1.0.1')
  expect(plan.changes.map(({ reverted }: { reverted: boolean }) => reverted)).toEqual([false, false])
})

test('P1: a first release says which tags look like versions and are not read', () => {
  from('2026.01.15', 'v1.2.3.4')
  expect(clone.plan().plan.gaps).toContainEqual(
    expect.stringMatching(
      /^this counts as the first release, but tags .* are not read: 2026\.01\.15, v1\.2\.3\.4;/,
    ),
  )
  clone.git('tag', '-d', '2026.01.15', 'v1.2.3.4')
  expect(clone.plan().plan.gaps.join()).not.toMatch(/counts as the first release/)
})

test('P1: merged pull requests are read by their title, a bare merge by its commits', () => {
  from('v1.0.0')
  clone.git('switch', '-q', '-c', 'topic')
  clone.commit('wip')
  clone.git('switch', '-q', 'main')
  clone.commit('fix: elsewhere')
  clone.git(
    'merge',
    '-q',
    '--no-ff',
    '-m',
    'Merge pull request #7 from ada/topic\n\nfeat(cart): remember it',
    'topic',
  )
  const byTitle = clone.plan()
  expect([
    byTitle.outputs['version'],
    byTitle.plan.changes.map(({ pull }: { pull: number }) => pull),
  ]).toEqual(['1.1.0', [7, null]])
  clone.git('switch', '-q', '-c', 'other')
  clone.commit('feat!: gone')
  clone.commit('docs: say so')
  clone.git('switch', '-q', 'main')
  clone.commit('fix: beside')
  clone.git('merge', '-q', '--no-ff', '-m', "Merge branch 'other'", 'other')
  const byCommits = clone.plan()
  expect(byCommits.outputs['version']).toBe('2.0.0')
  expect(byCommits.plan.changes).toHaveLength(5)
})

test('P1: the type that a caller gives wins over everything', () => {
  from('v1.2.3')
  clone.commit('feat!: a')
  expect(clone.plan({ type: 'patch' }).outputs['version']).toBe('1.2.4')
  const security = clone.plan({ type: 'security' })
  expect([security.outputs['version'], security.plan.type]).toEqual(['1.2.4', 'security'])
})

test('P2: a maintenance line counts from its own last version and is not the latest', () => {
  from('v1.4.0')
  clone.git('branch', '1.x')
  clone.commit('feat!: a')
  clone.tag('v2.0.0')
  clone.git('switch', '-q', '1.x')
  clone.commit('fix: b')
  const { outputs, plan } = clone.plan()
  expect([outputs['version'], outputs['previous'], plan.maintenance]).toEqual(['1.4.1', '1.4.0', true])
})

/** A repository with 1.4.0 on `1.x` and 2.0.0 on main; the branch is checked out. */
const onLine = (branch = '1.x') => {
  from('v1.4.0')
  clone.git('branch', branch)
  clone.commit('feat!: a')
  clone.tag('v2.0.0')
  clone.git('switch', '-q', branch)
}

const lines: [string, string, string, string][] = [
  ['a fix', '1.x', 'fix: b', 'v1.4.1'],
  ['a feature', '1.x', 'feat: b', 'v1.5.0'],
  ['a fix of a minor', '1.4.x', 'fix: b', 'v1.4.1'],
  ['a fix on a release branch', 'release/1.4', 'fix: b', 'v1.4.1'],
  ['a fix that raises to the next minor', 'release/1.5', 'fix: b', 'v1.5.0'],
  ['a branch that names no line', 'release/2026.1', 'fix: b', 'v1.4.1'],
]

test.each(lines)('P2, complaint 17: %s on %s', (_, branch, message, tag) => {
  onLine(branch)
  clone.commit(message)
  const { outputs, plan } = clone.plan({ ref: branch })
  expect([outputs['tag'], outputs['previous'], plan.maintenance]).toEqual([tag, '1.4.0', true])
})

const beyond: [string, string, string, string, RegExp][] = [
  [
    'a breaking change on 1.x',
    '1.x',
    'feat!: b',
    'minor',
    /"feat!: b" \([0-9a-f]{7}, breaking change\) makes this 2\.0\.0, and the branch 1\.x is the line of 1\.x: .*set type to minor or patch/,
  ],
  [
    'a feature on 1.4.x',
    '1.4.x',
    'feat: b',
    'patch',
    /makes this 1\.5\.0, and the branch 1\.4\.x is the line of 1\.4\.x: .*set type to patch/,
  ],
]

test.each(beyond)(
  'P2, complaint 17: %s is refused, not counted as less, until somebody says so',
  (_, branch, message, type, words) => {
    onLine(branch)
    clone.commit(message)
    const held = clone.plan({ ref: branch })
    expect([held.status, held.result.reasonCode, held.text]).toEqual([1, 'beyond-line', ''])
    expect(held.result.message).toMatch(words)
    expect(clone.plan({ ref: branch, type }).outputs['version']).toBe(type === 'minor' ? '1.5.0' : '1.4.1')
  },
)

test('P2: the line of the branch that the run is on holds, and that of another commit does not', () => {
  onLine()
  const sha = clone.commit('feat!: b')
  const run = { GITHUB_REF: 'refs/heads/1.x', GITHUB_SHA: sha }
  expect(clone.plan({}, run).result.reasonCode).toBe('beyond-line')
  expect(clone.plan({ ref: sha }, run).result.reasonCode).toBe('beyond-line')
  // Of the tag itself, elsewhere, the branch of the run says nothing: 2.0.0 is taken.
  clone.git('switch', '-q', '--detach', 'v1.4.0')
  const other = clone.commit('feat!: c')
  expect(clone.plan({ ref: other }, run).result.reasonCode).toBe('version-exists')
})

test('P2: a line that has a later version behind it is refused', () => {
  onLine()
  clone.git('merge', '-q', '--no-edit', 'main')
  clone.commit('fix: b')
  const held = clone.plan({ ref: '1.x' })
  expect([held.result.reasonCode, held.result.message]).toEqual([
    'beyond-line',
    expect.stringMatching(/^v2\.0\.0 is behind the branch 1\.x, which is the line of 1\.x/),
  ])
})

test('P2: which branches are lines is a setting', () => {
  clone.commit('feat: begin', { '.github/relman.yml': 'version: { lines: ["lts/{line}"] }\n' })
  clone.tag('v1.4.0')
  clone.git('switch', '-q', '-c', 'lts/1.x')
  clone.commit('feat!: b')
  expect(clone.plan({ ref: 'lts/1.x' }).result.reasonCode).toBe('beyond-line')
  clone.git('switch', '-q', '-c', '1.x')
  expect(clone.plan({ ref: '1.x' }).outputs['version']).toBe('2.0.0')
})

test('P2: a pre-release on a maintenance line counts by itself and is not the latest', () => {
  onLine()
  clone.commit('fix: b')
  const first = clone.plan({ ref: '1.x', channel: 'rc' })
  expect([first.outputs['tag'], first.plan.maintenance]).toEqual(['v1.4.1-rc.1', true])
  clone.tag('v1.4.1-rc.1')
  clone.commit('fix: c')
  expect(clone.plan({ ref: '1.x', channel: 'rc' }).outputs['tag']).toBe('v1.4.1-rc.2')
})

const families: [string, string[], Record<string, string>, string][] = [
  ['plain among packages', ['create-shop@9.0.0', 'plugin@3.0.0', 'v5.1.0'], {}, 'v5.2.0'],
  [
    'the service among packages',
    ['@acme/cart@2.0.0', 'checkout@3.1.0', '@acme/mail@4.0.0'],
    {},
    'checkout@3.2.0',
  ],
  ['a folder', ['checkout/v1.0.0', 'mail/v7.0.0'], {}, 'checkout/v1.1.0'],
]

test.each(families)('P2: the family of tags: %s', (_, tags, inputs, tag) => {
  from(...tags)
  clone.commit('feat: a')
  expect(clone.plan(inputs).outputs['tag']).toBe(tag)
})

test('P2: the prefix of the policy chooses the family', () => {
  clone.commit('feat: begin', { '.github/relman.yml': 'version: { prefix: mail/v }\n' })
  clone.tag('checkout/v1.0.0', 'mail/v7.0.0')
  clone.commit('feat: a')
  expect(clone.plan().outputs['tag']).toBe('mail/v7.1.0')
})

test('P1: where another tool decides, its version is taken', () => {
  clone.commit('feat: begin', { '.github/relman.yml': 'version: { from: release-please }\n' })
  clone.tag('v1.0.0')
  clone.commit('fix: a', { '.release-please-manifest.json': '{".": "1.5.0"}' })
  expect(clone.plan().outputs['version']).toBe('1.5.0')
  clone.commit('chore: by tag', { '.github/relman.yml': 'version: { from: tag }\n' })
  expect(clone.plan().result).toMatchObject({ decision: 'no-release', reasonCode: 'no-release-needed' })
  clone.tag('v1.7.0')
  const tagged = clone.plan()
  expect([tagged.outputs['version'], tagged.outputs['previous'], tagged.outputs['tag']]).toEqual([
    '1.7.0',
    '1.0.0',
    'v1.7.0',
  ])
})

test('no release is needed when nothing changed, all was undone, or only housekeeping and the policy says so', () => {
  from('v1.0.0')
  expect(clone.plan().result).toMatchObject({ decision: 'no-release', reasonCode: 'no-release-needed' })
  const sha = clone.commit('fix: a')
  clone.commit(`Revert "fix: a"\n\nThis reverts commit ${sha}.`)
  expect(clone.plan().result.reasonCode).toBe('no-release-needed')
  clone.commit('chore: b', { '.github/relman.yml': 'version: { quiet: none }\n' })
  const quiet = clone.plan()
  expect([quiet.status, quiet.result.reasonCode, quiet.outputs['signoffs']]).toEqual([
    0,
    'no-release-needed',
    '[]',
  ])
})

test('a version that is tagged elsewhere is refused', () => {
  from('v1.0.0')
  clone.git('switch', '-q', '-c', 'side')
  clone.commit('fix: a')
  clone.tag('v1.0.1')
  clone.git('switch', '-q', 'main')
  clone.commit('fix: b')
  const { status, result, text } = clone.plan()
  expect([status, result.decision, result.reasonCode, text]).toEqual([1, 'refused', 'version-exists', ''])
  expect(result.message).toContain('v1.0.1')
})

test('the range can begin anywhere', () => {
  from('v1.0.0')
  clone.commit('feat: a')
  clone.tag('v1.1.0')
  clone.commit('fix: b')
  const { outputs, plan } = clone.plan({ from: 'v1.0.0', type: 'major' })
  expect([outputs['version'], outputs['previous'], plan.changes.length]).toEqual(['2.0.0', '1.0.0', 2])
})

test('P2: where final versions are cut on release branches, main counts from the last of them', () => {
  from('v1.0.0')
  clone.git('switch', '-q', '-c', 'release-1.1')
  clone.commit('fix: on the branch only')
  clone.tag('v1.1.0')
  clone.git('switch', '-q', 'main')
  clone.commit('chore: begin 1.2')
  clone.tag('v1.2.0-next.0')
  clone.commit('feat: b')
  const { outputs, plan } = clone.plan()
  expect([outputs['tag'], outputs['previous'], plan.bump]).toEqual(['v1.2.0', '1.1.0', 'minor'])
  expect(plan.changes).toHaveLength(2)
})

test('P2: alpha, beta, rc, final: each counts on from the tags, and none goes back', () => {
  from('v1.0.0')
  clone.commit('feat: a')
  const next = (channel: string) => {
    const { outputs, plan } = clone.plan({ channel })
    clone.tag(outputs['tag'] ?? '')
    clone.commit(`fix: after ${outputs['version']}`)
    return [outputs['tag'], outputs['previous'], plan?.bump]
  }
  expect(next('alpha')).toEqual(['v1.1.0-alpha.1', '1.0.0', 'minor'])
  expect(next('alpha')).toEqual(['v1.1.0-alpha.2', '1.0.0', 'minor'])
  expect(next('beta')).toEqual(['v1.1.0-beta.1', '1.0.0', 'minor'])
  const back = clone.plan({ channel: 'alpha' })
  expect([back.status, back.result.message]).toEqual([
    1,
    expect.stringMatching(/1\.1\.0-alpha\.3 would go back behind v1\.1\.0-beta\.1/),
  ])
  expect(next('rc')).toEqual(['v1.1.0-rc.1', '1.0.0', 'minor'])
  expect(next('final')).toEqual(['v1.1.0', '1.0.0', 'minor'])
  expect(next('rc')).toEqual(['v1.1.1-rc.1', '1.1.0', 'patch'])
})

test('P2: the channel and the build metadata of the policy', () => {
  clone.commit('feat: begin', { '.github/relman.yml': 'version: { channel: beta, build: true }\n' })
  clone.tag('v1.0.0')
  const sha = clone.commit('feat: a')
  const version = `1.1.0-beta.1+${sha.slice(0, 7)}.20260101000200`
  expect(clone.plan().outputs).toMatchObject({ version, tag: `v${version}` })
})

test('P1: with version.policy inferred the summary says which policy the tags followed; the plan is the same', () => {
  clone.commit('feat: begin', { '.github/relman.yml': 'version: { policy: inferred }\n' })
  clone.tag('v1.0.0')
  clone.commit('feat: a')
  expect(clone.plan().summary).toMatch(/cannot be inferred from 0 releases/)
  for (const number of [1, 2, 3, 4, 5, 6]) {
    clone.commit(`feat: number ${number}`)
    clone.tag(`v1.0.${number}`)
  }
  clone.commit('feat: b')
  const { outputs, summary } = clone.plan()
  expect(outputs['version']).toBe('1.1.0')
  expect(summary).toMatch(
    /kinds: \\?\{ feat: patch \\?\} would explain 6 of the last 6 releases, the stated policy explains 0/,
  )
})

test('P1, complaint 1, complaint 25: no commit is dropped, whatever its body; the table says why this version', () => {
  from('v1.0.0')
  const bodies = [
    'a (b: c',
    '{"not": "a footer"}',
    '(((\n\n\u202e:\n#',
    'BREAKING CHANGE: none',
    '```\nfix: not me\n```',
  ]
  for (const body of bodies) clone.commit(`fix(deep): body ${bodies.indexOf(body)}\n\n${body}`)
  clone.commit('Tidy up the till')
  const deciding = clone.commit('feat: a basket')
  const { outputs, plan, result, summary } = clone.plan()
  expect([outputs['version'], plan.changes.length, plan.why.length]).toEqual(['1.1.0', 7, 7])
  expect(plan.why[0]).toMatchObject({ sha: deciding, rule: 'type feat', level: 'minor', decides: true })
  expect(result.data['unreadable']).toBe(1)
  expect(summary).toMatch(/feat: a basket.*\| type feat \| \*\*minor\*\* ← decides/)
})

test('P1, complaint 7: a squash is one change by its title; its bullets do not count as commits, and what breaks does', () => {
  from('v1.0.0')
  clone.commit('fix: basket (#3)\n\n* feat: try something\n\n* fix: undo that\n\n* chore: lint')
  const squash = clone.plan()
  expect([squash.outputs['version'], squash.plan.changes.length]).toEqual(['1.0.1', 1])
  clone.commit('fix: till (#4)\n\n* feat: new till\n\nBREAKING CHANGE: old tills stop')
  expect(clone.plan().outputs['version']).toBe('2.0.0')
})

test('complaint 21: a shallow clone is refused with the fix, never planned as 0.0.1', () => {
  from('v1.0.0')
  clone.commit('fix: a')
  clone.git('clone', '-q', '--depth', '1', `file://${clone.folder}`, 'cut')
  const { status, result, text } = clone.plan({ 'repository-path': 'cut' })
  expect([status, result.reasonCode, text]).toEqual([1, 'shallow-clone', ''])
  expect(result.message).toMatch(/fetch-depth: 0/)
})

test('complaint 4: 3,000 tags of other packages and nightly builds hold the version up for less than seconds', () => {
  clone.commit('feat: begin', { '.github/relman.yml': 'version: { prefix: v }\n' })
  clone.tag('v1.0.0')
  const sha = clone.git('rev-parse', 'HEAD')
  const refs = Array.from({ length: 3_000 }, (_, at) => {
    const name = at % 2 ? `other@${at}.0.0` : `v1.1.0-nightly.${20_000_000 + at}`
    return `reset refs/tags/${name}\nfrom ${sha}\n\n`
  })
  clone.importStream(refs.join(''))
  clone.commit('feat: a')
  const began = performance.now()
  expect(clone.plan().outputs['tag']).toBe('v1.1.0')
  expect(performance.now() - began).toBeLessThan(10_000)
})
