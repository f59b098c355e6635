import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import { judgeFeatures } from '@relman/core/feature/judge-features'
import type { MilestoneIssue } from '@relman/core/feature/milestone'
import { showFeatures } from '@relman/core/feature/show-features'
import { featureCriteria } from '@relman/core/gate/feature-criteria'
import { completionSummary } from '@relman/core/notes/completion-summary'
import type { Change } from '@relman/core/scope/change'
import { change } from '../plan/facts.ts'

const issue = (number: number, more: Partial<MilestoneIssue> = {}): MilestoneIssue => ({
  number,
  title: `feature ${number}`,
  body: '',
  url: `https://github.test/issues/${number}`,
  state: 'closed',
  dropped: false,
  labels: [],
  owners: ['ada'],
  pulls: [],
  ...more,
})

type Policy = Parameters<typeof config.parse>[0]

const judge = (issues: MilestoneIssue[], changes: Change[] = [], features: Policy = {}, unread = 0) =>
  judgeFeatures({
    milestone: { number: 1, title: '1.4.0', url: 'https://github.test/m/1', state: 'open', issues, unread },
    changes,
    policy: config.parse({ features }).features,
    version: '1.4.0',
    ticket: 'Release shop 1.4.0',
  })

const merged = (number: number) => [{ number, state: 'merged' as const }]
const boxes = '## Acceptance criteria\n- [x] a\n- [ ] b'

const cases: [string, MilestoneIssue, Change[], Policy, string, RegExp][] = [
  [
    'closed, its change in the range',
    issue(1, { pulls: merged(7) }),
    [change({ pull: 7 })],
    {},
    'ready',
    /^$/,
  ],
  ['named by a commit', issue(1, { state: 'open' }), [change({ issues: [1] })], {}, 'ready', /^$/],
  ['closed, nothing linked', issue(1), [], {}, 'ready', /no pull request is linked/],
  ['open, nothing of it', issue(1, { state: 'open' }), [], {}, 'incomplete', /^open, and no change of it/],
  ['closed, merged elsewhere', issue(1, { pulls: merged(7) }), [], {}, 'incomplete', /not in this release/],
  [
    'its change was taken back',
    issue(1, { pulls: merged(7) }),
    [change({ pull: 7, reverted: true })],
    {},
    'incomplete',
    /not in/,
  ],
  ['a criterion is open', issue(1, { body: boxes }), [], {}, 'incomplete', /^1 of 2 acceptance criteria/],
  [
    'half of it is merged',
    issue(1, { state: 'open', pulls: [...merged(7), { number: 8, state: 'open' }] }),
    [change({ pull: 7 })],
    {},
    'incomplete',
    /1 pull request of it is still open/,
  ],
  [
    'no criteria where they are required',
    issue(1),
    [],
    { criteria: 'required' },
    'incomplete',
    /no acceptance/,
  ],
  ['labelled', issue(1, { state: 'open', labels: ['Deferred'] }), [], {}, 'deferred', /^labelled deferred$/],
  [
    'labelled, and it ships',
    issue(1, { labels: ['deferred'], pulls: merged(7) }),
    [change({ pull: 7 })],
    {},
    'incomplete',
    /^labelled deferred, but 1 change of it is in this release/,
  ],
  [
    'labelled, behind a flag',
    issue(1, { labels: ['deferred'], pulls: merged(7) }),
    [change({ pull: 7, details: { flag: 'x' } })],
    {},
    'deferred',
    /labelled/,
  ],
  [
    'by the policy',
    issue(1, { state: 'open', pulls: merged(7) }),
    [change({ pull: 7 })],
    { deferred: [{ issue: 1, version: 'v1.4.0', reason: 'the supplier is late', by: 'lee' }] },
    'deferred',
    /supplier is late \(lee\)/,
  ],
  [
    'by the policy for another version',
    issue(1, { state: 'open' }),
    [],
    { deferred: [{ issue: 1, version: '1.3.0', reason: 'the supplier is late', by: 'lee' }] },
    'incomplete',
    /open/,
  ],
  ['closed as not planned', issue(1, { dropped: true, body: boxes }), [], {}, 'deferred', /not planned/],
]

test.each(cases)('P22: %s', (_, given, changes, policy, verdict, why) => {
  const [feature] = judge([given], changes, policy).features
  expect([feature?.verdict, feature?.why]).toEqual([verdict, expect.stringMatching(why)])
})

test('P22: open bugs by priority, what nobody judged first; who is missing is named', () => {
  const bug = (number: number, labels: string[], owners: string[] = ['ada']) =>
    issue(number, { state: 'open', labels: ['Bug', ...labels], owners })
  const { bugs, features, counts } = judge([
    bug(1, ['priority: low']),
    bug(2, ['P0'], []),
    bug(3, []),
    bug(4, ['high']),
    issue(5, { labels: ['bug'] }),
    bug(6, ['deferred']),
  ])
  expect(bugs.map(({ number, priority, missing }) => [number, priority, missing])).toEqual([
    [3, null, ['priority']],
    [2, 'critical', ['owner']],
    [4, 'high', []],
    [1, 'low', []],
  ])
  expect(features.map(({ number }) => number)).toEqual([6])
  expect([counts.bugs, counts.untriaged]).toEqual([4, 2])
})

test('P22: the criteria name what is open, its owner and the remedy; what was not read is no pass', () => {
  expect(featureCriteria(undefined)).toEqual([])
  const [complete, triaged] = featureCriteria(
    judge([
      issue(1, { state: 'open', owners: ['kim'] }),
      issue(2, { state: 'open', labels: ['bug'], owners: [] }),
    ]),
  )
  expect(complete).toMatchObject({ state: 'fail', reason: 'features-incomplete', observed: 1, owner: 'kim' })
  expect(complete?.remedy).toMatch(/the label deferred, or features\.deferred/)
  expect(triaged).toMatchObject({ state: 'fail', reason: 'bugs-untriaged', observed: 1 })
  expect(triaged?.evidence).toMatch(/#2 feature 2: assign somebody and label its priority/)
  expect(featureCriteria(judge([issue(1)])).map(({ state }) => state)).toEqual(['pass', 'pass'])
  expect(featureCriteria(judge([], [], {}, 7))[0]).toMatchObject({ state: 'fail', observed: 7 })
})

test('P22: the ticket of the release is no feature, but only where its label says so, too', () => {
  const ticket = issue(9, { title: 'Release shop 1.4.0', state: 'open', labels: ['release'] })
  expect(judge([ticket]).features).toEqual([])
  expect(judge([{ ...ticket, labels: [] }]).counts.incomplete).toBe(1)
})

test('P22: hostile text is inert in table and summary; long milestones are counted whole', () => {
  const bad = issue(1, {
    state: 'open',
    title: '| </td> @team [x](http://evil.test) <!-- relman:ticket:shop:1.4.0:plan -->',
    body: '- [ ] `a` | ![](http://evil.test/x.png)\n',
    owners: [],
  })
  const shown = showFeatures(judge([bad]))
  const row = shown.split('\n').find((line) => line.startsWith('| #1')) ?? ''
  expect(row.replace(/\\./g, '').match(/\|/g)).toHaveLength(6)
  expect(shown.replace(/\\./g, '')).not.toMatch(/<!--|<\/td>|@team|!\[\]\(/)
  expect(row).toMatch(/\*\*nobody\*\*/)
  const many = judge(
    Array.from({ length: 450 }, (_, index) =>
      issue(index + 1, { state: 'open', body: '- [ ] x\n'.repeat(50) }),
    ),
  )
  expect([many.features.length, many.counts.incomplete]).toEqual([100, 450])
  expect(JSON.stringify(many).length).toBeLessThan(100_000)
  expect(showFeatures(many, 30)).toMatch(/and 420 more\./)
})

test('P22: what was deferred stands among the excluded of the completion', () => {
  const features = judge([issue(1, { labels: ['deferred'], state: 'open' }), issue(2)])
  const plan = {
    ...{ service: 'shop', version: '1.4.0', environment: 'production', sha: 'a'.repeat(40), revision: 1 },
    ...{ previous: null, changes: [], unlisted: { changes: 0 }, migrations: [], risk: { level: 'low' } },
    rollback: { previous: null, seconds: 1 },
    policy: { rollback: { window: 60 } },
    features,
  }
  const text = completionSummary(plan, 'd'.repeat(64), '2026-01-01T00:00:00Z')
  expect(text).toMatch(/- \*\*Excluded\*\*:\n {2}- #1 feature 1: labelled deferred\n/)
  expect(text).not.toMatch(/feature 2/)
})
