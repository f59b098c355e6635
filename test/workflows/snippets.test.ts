import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { filesLike, read } from '../repo/tree.ts'
import { asked, type House, lacking, readHouse, readWorkflow, type Scopes, scopesOf } from './house.ts'
import { opinions } from './language-service.ts'

type Snippet = { place: string; text: string }

/** Caller workflows in a page: blocks of YAML with jobs. */
const snippetsIn = (path: string, page: string): Snippet[] =>
  [...page.matchAll(/```ya?ml\n([\s\S]*?)```/g)]
    .map(([block, text = ''], index) => ({ place: `${path} (${index + 1})`, text, block }))
    .filter(({ text }) => /^jobs:/m.test(text))
    .map(({ place, text }) => ({ place, text }))

const house = readHouse()
const pages = filesLike(/^README\.md$|^(workflows|docs|actions)\/.*\.md$/)
const snippets = pages.flatMap((path) => snippetsIn(path, read(path)))

/** What stands between a caller who copies this and a release: nothing, if it is right. */
const faultsOf = async (text: string, house: House): Promise<string[]> => {
  const faults = await opinions('.github/workflows/caller.yml', text)
  const caller = readWorkflow('caller.yml', text)
  if (Object.keys(scopesOf(caller)).length > 0 || typeof parse(text).permissions !== 'object') {
    faults.push('permissions at the top is not {}')
  }
  for (const [name, job] of Object.entries(caller.jobs)) {
    const file = /^org\/relman\/\.github\/workflows\/(\w[\w-]*\.yml)@v1$/.exec(job.uses ?? '')?.[1]
    const workflow = house.workflows.find(({ path }) => path === `workflows/${file}`)
    if (!workflow) {
      faults.push(`${name} calls no workflow of relman: ${job.uses}`)
      continue
    }
    const wanted: Scopes = asked(house, workflow)
    faults.push(...lacking(wanted, scopesOf(job)).map((scope) => `${name} does not grant ${scope}`))
    faults.push(...lacking(scopesOf(job), wanted).map((scope) => `${name} grants ${scope} for nothing`))
  }
  return faults
}

test('the README and the page of each workflow that a caller starts have one', () => {
  const with_ = new Set(snippets.map(({ place }) => place.replace(/ \(.*/, '')))
  expect([...with_]).toEqual(
    expect.arrayContaining([
      'README.md',
      'docs/triggers.md',
      'workflows/calendar.md',
      'workflows/changes.md',
      'workflows/freeze.md',
      'workflows/hotfix.md',
      'workflows/plan.md',
      'workflows/post-release.md',
      'workflows/promote.md',
      'workflows/release.md',
      'workflows/rollback.md',
      'workflows/train.md',
      'workflows/watchdog.md',
    ]),
  )
})

test('L5: a schedule, a milestone, a label and a person start a release', () => {
  const triggers = snippets.filter(({ place }) => place.startsWith('docs/triggers.md'))
  const events = triggers.flatMap(({ text }) => Object.keys(parse(text).on))
  expect(new Set(events)).toEqual(new Set(['schedule', 'workflow_dispatch', 'milestone', 'issues']))
  const started = triggers.map(({ text }) => {
    const { on, jobs } = parse(text)
    return [Object.keys(on)[0], /(\w+)\.yml@/.exec(jobs.relman.uses)?.[1]]
  })
  expect(started).toEqual([
    ['schedule', 'release'],
    ['schedule', 'release'],
    ['milestone', 'release'],
    ['issues', 'hotfix'],
  ])
})

test.each(snippets.map(({ place, text }) => [place, text] as const))(
  '%s works as it stands',
  async (_, text) => {
    expect(await faultsOf(text, house)).toEqual([])
  },
)

test("the README's caller workflow has at most 15 lines", () => {
  const [snippet] = snippets.filter(({ place }) => place.startsWith('README.md'))
  expect(snippet?.text.trimEnd().split('\n').length).toBeLessThanOrEqual(15)
})

describe('the check itself', () => {
  const right = snippets.find(({ place }) => place.startsWith('README.md'))?.text ?? ''
  test.each([
    [/ {6}issues: write.*\n/, '', /does not grant issues: write/],
    ['checks: read', 'checks: write', /checks: write for nothing/],
    ['release.yml@v1', 'releases.yml@v1', /no workflow of relman/],
    ['release.yml@v1', 'release.yml@main', /no workflow of relman/],
    ['permissions: {}\n', '', /top/],
    ['    uses:', '    with: { vresion: 1.0.0 }\n    uses:', /vresion/],
    ['workflow_dispatch', 'workflow_dispach', /workflow_dispach/],
  ])('it speaks when %s becomes %s', async (find, replacement, sentence) => {
    const wrong = right.replace(find, replacement)
    expect(wrong).not.toBe(right)
    expect((await faultsOf(wrong, house)).join('\n')).toMatch(sentence)
  })
})

/** `write: \`a\`, \`b\`; read: \`c\`` in a row of a table, as a map of scopes. */
const rightsIn = (row: string): Scopes =>
  Object.fromEntries(
    [...row.matchAll(/\b(write|read): ((?:`[a-z-]+`(?:, )?)+)/g)].flatMap(([, level = '', names = '']) =>
      [...names.matchAll(/`([a-z-]+)`/g)].map(([, scope = '']) => [scope, level]),
    ),
  )

test('the rights of each caller on the page that says what to set up are those that its workflow asks for', () => {
  const rows = read('docs/set-up.md').split('\n')
  const said = rows.flatMap((row) => {
    const file = /^\|.*\[(\w[\w-]*\.yml)\]\(\.\.\/workflows\//.exec(row)?.[1]
    const rights = rightsIn(row)
    return file && Object.keys(rights).length > 0 ? [{ file, rights }] : []
  })
  expect(said.map(({ file }) => file).sort()).toEqual(
    [
      'calendar',
      'changes',
      'freeze',
      'plan',
      'post-release',
      'promote',
      'release',
      'rollback',
      'train',
      'watchdog',
    ].map((name) => `${name}.yml`),
  )
  for (const { file, rights } of said) {
    const workflow = house.workflows.find(({ path }) => path === `workflows/${file}`)
    expect([file, rights]).toEqual([file, workflow ? asked(house, workflow) : null])
  }
})
