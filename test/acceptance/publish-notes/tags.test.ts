import { afterEach, expect, test } from '@jest/globals'
import { type Hosted, openHosted } from '../plan-release/hub.ts'

let hosted: Hosted
afterEach(async () => {
  expect(hosted.hub.violations).toEqual([])
  await hosted.close()
})

/** Plans a component and takes it live in the record. */
const live = async (component: string): Promise<{ digest: string; sha: string; version: string }> => {
  const { outputs } = await hosted.plan({ component, type: 'minor' })
  const { digest = '', version = '', sha = '' } = outputs
  const about = { actor: 'ada', run: null, digest, token: null, data: {} }
  const drafts = (['approved', 'started', 'deployed'] as const).map((kind) => ({ ...about, kind, key: kind }))
  await hosted.store.append(component, version, drafts)
  return { digest, sha, version }
}

const tags = () =>
  hosted.clone
    .git('--git-dir', '../bare.git', 'for-each-ref', '--format=%(refname:short) %(objectname)', 'refs/tags')
    .split('\n')

test('P4: each component gets its own tag, at the commit of its plan; one that is elsewhere is never moved', async () => {
  hosted = await openHosted((clone) => {
    const policy = 'components: { web: { path: web }, api: { path: api } }\n'
    clone.commit('feat: begin', { '.github/relman.yml': policy, 'web/a': '1', 'api/a': '1' })
    clone.tag('web-v1.0.0', 'api-v1.0.0')
    clone.commit('feat: more', { 'web/a': '2', 'api/a': '2' })
  })
  const { clone } = hosted
  const web = await live('web')
  const notes = (digest: string) => hosted.run('publish-notes', { operation: 'notes', digest })
  expect((await notes(web.digest)).status).toBe(0)
  clone.commit('feat: again', { 'api/a': '3' })
  hosted.push()
  const api = await live('api')
  expect(api.sha).not.toBe(web.sha)
  const elsewhere = clone.git('rev-parse', 'web-v1.0.0')
  clone.git('push', '-q', '../bare.git', `${elsewhere}:refs/tags/api-v1.1.0`)
  const refused = await notes(api.digest)
  expect([refused.status, refused.result.reasonCode]).toEqual([1, 'tag-elsewhere'])
  expect(refused.result.message).toMatch(
    /api-v1\.1\.0 is at commit .*: no tag is moved, and nothing is published/,
  )
  expect([hosted.hub.releases().length, tags()]).toEqual([
    1,
    expect.arrayContaining([`api-v1.1.0 ${elsewhere}`, `web-v1.1.0 ${web.sha}`]),
  ])
  clone.git('--git-dir', '../bare.git', 'tag', '-d', 'api-v1.1.0')
  const done = await notes(api.digest)
  expect([done.status, done.outputs['state']]).toEqual([0, 'completed'])
  expect(tags()).toEqual(expect.arrayContaining([`api-v1.1.0 ${api.sha}`, `web-v1.1.0 ${web.sha}`]))
}, 120_000)
