import { afterEach, expect, test } from '@jest/globals'
import { openRelease, type Release } from './released.ts'

let release: Release
afterEach(async () => {
  expect(release.hub.violations).toEqual([])
  await release.close()
})

const permissions = { contents: 'read', deployments: 'read', statuses: 'write' } as const
const token = (more: Record<string, 'read' | 'write'> = permissions) =>
  release.hub.mintToken({ actor: 'ada', kind: 'job', permissions: more })
const show = (inputs: Record<string, string> = {}) =>
  release.run('publish-notes', { operation: 'changes', 'github-token': token(), ...inputs })
const commits = () => [release.clone.git('rev-parse', 'HEAD'), release.clone.git('rev-parse', 'HEAD~1')]
const said = async () => {
  const found = await Promise.all(
    commits().map(async (sha) => {
      const url = `${release.hub.apiUrl}/repos/acme/checkout/commits/${sha}/statuses`
      const reply = await fetch(url, { headers: { authorization: `Bearer ${token()}` } })
      return (await reply.json()) as { state: string; context: string; description: string }[]
    }),
  )
  return found.map((all) =>
    all.map(({ state, context, description }) => `${state} ${context}: ${description}`),
  )
}
const on = (words: string) => `success relman/shop: shop 1.2.0: ${words}`

test('C6: each change says where it is, as a status and never as a comment; what stands there is not written again', async () => {
  release = await openRelease()
  const dry = await show({ 'dry-run': 'true' })
  expect([dry.result.decision, dry.result.reasonCode, await said()]).toEqual([
    'would-show',
    'changes-shown',
    [[], []],
  ])
  const begins = await show()
  expect([begins.status, begins.result.message]).toEqual([0, 'shop 1.2.0: 2 of 2 commits got a new status'])
  await release.report('moved 0 10 1', 'confirmed 0 10 2')
  await show({ digest: '' })
  const again = await show()
  expect(again.result.message).toBe('shop 1.2.0: 0 of 2 commits got a new status')
  const live = /: live at 10 %, everywhere from \d\d:\d\d to \d\d:\d\d UTC on if all goes well$/
  const shown = [expect.stringMatching(live), on('the rollout begins')]
  expect(await said()).toEqual([shown, shown])
  const all = { actor: 'ada', run: null, digest: release.digest, token: release.token, data: {} }
  await release.store.append('shop', '1.2.0', [
    { ...all, kind: 'deployment-failed', key: 'f' },
    { ...all, kind: 'rolled-back', key: 'r' },
  ])
  await show()
  expect((await said()).map(([newest]) => newest)).toEqual(
    Array(2).fill('failure relman/shop: shop 1.2.0: rolled back'),
  )
  expect(
    (await release.hub.issues.all()).flatMap(({ number }) => release.hub.issues.comments(number)),
  ).toEqual([])
}, 120_000)

test('C6: a token without the right writes nothing, and the job stays green', async () => {
  release = await openRelease()
  const mute = await show({ 'github-token': token({ contents: 'read' }) })
  expect([mute.status, mute.result.decision, mute.result.reasonCode]).toEqual([
    0,
    'not-shown',
    'permission-missing',
  ])
  expect(mute.result.message).toMatch(/statuses: (read|write)/)
  const bare = await release.run('publish-notes', { operation: 'notes', digest: '' })
  expect([bare.status, bare.result.reasonCode]).toEqual([1, 'configuration-error'])
  expect(bare.log).toMatch(/input "digest": is required/)
}, 120_000)
