import { expect, test } from '@jest/globals'
import { entries, filesLike, read } from '../repo/tree.ts'

type Ignore = { file: string; audit: string; on: string; reason: string }

/** Each finding of zizmor that we do not follow. One more is a decision: add it here in the commit that brings it. */
const callersDeployment: Ignore = {
  file: 'workflows/rollout.yml',
  audit: 'self-repository',
  on: 'uses: ./.github/actions/relman-deploy',
  reason: "the caller's own action, from the caller's checkout",
}
// To an earlier environment (to deploy, and to make it the stable one), for the smoke test, to deploy, and to promote.
const decided = [
  { ...callersDeployment, file: 'workflows/promote.yml' },
  { ...callersDeployment, file: 'workflows/promote.yml' },
  { ...callersDeployment, file: 'workflows/release.yml' },
  callersDeployment,
  callersDeployment,
]

const ignoresIn = (file: string, text: string): Ignore[] =>
  text
    .split('\n')
    .filter((line) => /zizmor\s*:/i.test(line))
    .map((line) => {
      const [, on = '', audit = '', reason = ''] =
        /^(.*?)\s*# zizmor: ignore\[([^\]]*)\] ?(.*)$/.exec(line) ?? []
      return { file, audit, on: on.trim(), reason }
    })

const sources = filesLike(
  /^(workflows\/.+|\.github\/workflows\/\..+|actions\/[^/]+\/action)\.ya?ml$|^\.github\/(actions|dependabot).*\.ya?ml$/,
)

test('the findings of zizmor that are ignored are those that were decided on, each with its reason', () => {
  expect(sources.flatMap((file) => ignoresIn(file, read(file)))).toEqual(decided)
})

test('zizmor has no configuration that could ignore more', () => {
  expect(entries().filter(({ path }) => /(^|\/)zizmor\.ya?ml$/.test(path))).toEqual([])
  expect(read('.ci/checks/30-zizmor.sh')).toMatch(/--persona auditor --strict-collection \.$/m)
})

test.each([
  ['uses: a/b@main # zizmor: ignore[unpinned-uses]', { audit: 'unpinned-uses', reason: '' }],
  ['  run: x # zizmor: ignore[a,b] because', { on: 'run: x', audit: 'a,b', reason: 'because' }],
  ['x # ZIZMOR : ignore [all]', { audit: '' }],
])('%s is seen', (line, ignore) => {
  expect(ignoresIn('w.yml', `name: x\n${line}\n`)).toEqual([
    expect.objectContaining({ file: 'w.yml', ...ignore }),
  ])
})
