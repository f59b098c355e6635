import { afterEach, expect, test } from '@jest/globals'
import { openRelease, type Release } from '../publish-notes/released.ts'

let release: Release
afterEach(async () => {
  expect(release.hub.violations).toEqual([])
  await release.close()
})

const tickets = async () => (await release.hub.issues.all()).filter((issue) => !issue.pull)
const ticket = async () => {
  const [only, ...others] = await tickets()
  if (!only || others.length > 0) throw new Error(`there are ${others.length + (only ? 1 : 0)} tickets`)
  return only
}
const edit = async (change: (body: string) => string) => {
  const stored = await ticket()
  release.hub.issues.put({ ...stored, body: change(stored.body ?? '') })
}
const marker = (name: string) => `<!-- relman:ticket:shop:1.2.0:${name} -->`
const sections = (body: string | null) =>
  [...(body ?? '').matchAll(/^<!-- relman:ticket:shop:1\.2\.0:([a-z]+) -->\r?$/gm)].map((match) => match[1])

test('P19, C6, complaint 19: the plan opens the ticket, every step keeps its own sections, people keep theirs, completion closes it', async () => {
  release = await openRelease()
  const opened = await ticket()
  expect([opened.title, opened.state, opened.labels]).toEqual(['Release shop 1.2.0', 'open', ['release']])
  expect(sections(opened.body)).toEqual(['standing', 'plan', 'preparation', 'history'])
  await edit(
    (body) =>
      `Room: 4711\r\n\r\n${body
        .replace(marker('preparation'), `asked @support\n${marker('preparation')}`)
        .replace('## Plan', '## Plan\n\n(see also the wiki)')
        .replace('- [ ]', '- [x]')}\n\nDon't forget the cake.\n`,
  )
  await release.report('moved 0 10 1', 'confirmed 0 10 2')
  const held = await release.run('publish-notes', {
    operation: 'record',
    evidence: release.evidence([0, 10, 'inconclusive', 'ask']),
    'walk-result': 'success',
    'undo-result': 'skipped',
  })
  expect(held.status).toBeLessThan(2)
  const after = await ticket()
  const body = after.body ?? ''
  expect(sections(body)).toEqual(['standing', 'plan', 'preparation', 'history', 'rollout'])
  expect(body.startsWith('Room: 4711\r\n\r\n<!--')).toBe(true)
  for (const text of [
    `asked @support\n${marker('preparation')}`,
    '(see also the wiki)',
    "Don't forget the cake.",
    '- [x]',
  ])
    expect(body.split(text)).toHaveLength(2)
  expect(body).toMatch(/\| 10 % \| █/)
}, 120_000)

test('P19: completion closes the ticket with a summary, and says where the notes are', async () => {
  release = await openRelease()
  const common = { actor: 'ada', run: null, digest: release.digest, token: release.token, data: {} }
  await release.store.append('shop', release.version, [{ ...common, kind: 'deployed', key: 'deployed' }], {
    change: { release: { token: release.token } },
  })
  await edit((body) => body.replace(marker('plan'), '').replace('<!-- /relman', '<!-- gone /relman'))
  const dry = await release.run('publish-notes', { operation: 'notes', 'dry-run': 'true' })
  const before = await ticket()
  expect([dry.status, before.state, sections(before.body).includes('completion')]).toEqual([0, 'open', false])
  const notes = await release.run('publish-notes', { operation: 'notes' })
  const closed = await ticket()
  expect([notes.status, closed.state]).toEqual([0, 'closed'])
  expect(closed.body).toMatch(/## Completion Summary[\s\S]*Shipped[\s\S]*\*\*Notes\*\*: http/)
  expect(closed.body).toMatch(/\*\*shop 1\.2\.0\*\* is completed/)
  const again = await release.run('publish-notes', { operation: 'notes' })
  expect([again.status, (await ticket()).body]).toEqual([0, closed.body])
}, 120_000)

test('P19: a new revision brings the same ticket up to date; a dry run and a token without the right leave it alone', async () => {
  release = await openRelease({ started: false })
  const first = await ticket()
  release.clone.commit('fix: b')
  release.clone.git('push', '-q', '../bare.git', 'main')
  const sha = release.clone.git('rev-parse', 'HEAD')
  const dry = await release.run('plan-release', { ref: sha, 'dry-run': 'true' })
  expect([dry.status, (await ticket()).body]).toEqual([0, first.body])
  const second = await release.run('plan-release', { ref: sha })
  expect(second.status).toBe(0)
  const { number, body } = await ticket()
  expect(number).toBe(first.number)
  expect(body).toContain('revision 2')
  expect(body).toContain('- Since revision 1: 1 added, 0 gone; no sign-off had been given')
  expect(second.summary).toMatch(/Release ticket: http:\S+\/issues\/\d+/)
  const bare = release.hub.mintToken({
    actor: 'ada',
    kind: 'job',
    permissions: { contents: 'write', 'pull-requests': 'read' },
  })
  release.clone.commit('fix: c')
  release.clone.git('push', '-q', '../bare.git', 'main')
  const third = await release.run('plan-release', {
    ref: release.clone.git('rev-parse', 'HEAD'),
    'github-token': bare,
  })
  expect([third.status, third.result.decision, (await ticket()).body]).toEqual([0, 'planned', body])
  expect(third.summary).toMatch(/release ticket could not be brought up to date: .*issues: /)
}, 120_000)
