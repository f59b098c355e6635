import { afterEach, expect, test } from '@jest/globals'
import { openRelease, type Release } from './released.ts'

let release: Release
afterEach(async () => {
  expect(release.hub.violations).toEqual([])
  await release.close()
})

const notes = (inputs: Record<string, string> = {}) =>
  release.run('publish-notes', { operation: 'notes', ...inputs })
const body = () => release.hub.releases()[0]?.body ?? ''
const ticket = async () => (await release.hub.issues.all()).find(({ title }) => /^Release shop/.test(title))

test('P3: notes of a security release are a short note until disclosure; then they take its place, and the release is completed', async () => {
  release = await openRelease({ inputs: { type: 'security' }, github: { visibility: 'public' } })
  const common = { actor: 'ada', run: null, digest: release.digest, token: release.token, data: {} }
  await release.store.append('shop', release.version, [{ ...common, kind: 'deployed', key: 'deployed' }], {
    change: { release: { token: release.token } },
  })
  const first = await notes()
  expect([first.status, first.result.decision, first.result.reasonCode]).toEqual([
    0,
    'published',
    'embargoed',
  ])
  expect(body()).toMatch(
    /^<!-- .* -->\n\*\*shop 1\.1\.1\*\*, released \d{4}-\d\d-\d\d\. Its notes follow\.\n<!-- .* -->$/,
  )
  expect(first.summary).not.toMatch(/remember it/)
  expect([(await release.kinds()).at(-1), (await ticket())?.state]).toEqual(['published', 'open'])
  expect((await ticket())?.body).not.toMatch(/remember it|Completion Summary/)
  const again = await notes({ disclosure: '2030-01-01' })
  expect([again.result.reasonCode, (await release.kinds()).filter((kind) => kind === 'published')]).toEqual([
    'embargoed',
    ['published'],
  ])
  const token = release.hub.mintToken({
    actor: 'ada',
    kind: 'job',
    permissions: { contents: 'read', deployments: 'read', statuses: 'write' },
  })
  const statuses = await release.run('publish-notes', { operation: 'changes', 'github-token': token })
  expect(statuses.result.message).toMatch(/0 of 0 commits/)
  const wrong = await notes({ disclosure: 'soon' })
  expect([wrong.status, wrong.log]).toEqual([1, expect.stringMatching(/input "disclosure": .*or write now/)])
  const open = await notes({ disclosure: 'now' })
  expect([open.status, open.result.reasonCode, open.outputs['state']]).toEqual([0, 'published', 'completed'])
  expect(body()).toMatch(/remember it \(#2\)[\s\S]*## Completion Summary/)
  expect(body()).not.toMatch(/Its notes follow/)
  expect((await release.kinds()).slice(-2)).toEqual(['published', 'completed'])
  expect((await ticket())?.state).toBe('closed')
  expect(release.hub.releases()).toHaveLength(1)
}, 120_000)
