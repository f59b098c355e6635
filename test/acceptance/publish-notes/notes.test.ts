import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from '@jest/globals'
import { changeRequest } from '@relman/core/change-request/change-request'
import { openRelease, type Release } from './released.ts'

let release: Release
afterEach(async () => {
  expect(release.hub.violations).toEqual([])
  await release.close()
})

const deploy = () =>
  release.store.append(
    'shop',
    release.version,
    [
      {
        kind: 'deployed',
        key: 'deployed',
        actor: 'ada',
        run: null,
        digest: release.digest,
        token: release.token,
        data: {},
      },
    ],
    { change: { release: { token: release.token } } },
  )
const notes = (inputs: Record<string, string> = {}) =>
  release.run('publish-notes', { operation: 'notes', ...inputs })

test('N1, N2, N4, C7, P19, 89: the release is published once, with its sections, and what people add stays', async () => {
  release = await openRelease()
  await deploy()
  const dry = await notes({ 'dry-run': 'true' })
  expect([dry.status, dry.result.reasonCode, release.hub.releases()]).toEqual([0, 'dry-run', []])
  const first = await notes()
  expect([first.status, first.outputs['state'], first.result.reasonCode]).toEqual([
    0,
    'completed',
    'published',
  ])
  const [published] = release.hub.releases()
  const body = published?.body ?? ''
  expect(body.split('\n').filter((line) => line.startsWith('## '))).toEqual([
    '## Highlights',
    '## New Features',
    '## Bug Fixes',
    '## Completion Summary',
  ])
  expect(body).toMatch(/Highlights\n\n- New: remember it \(#2\)/)
  expect(body).toMatch(/- a \(`[0-9a-f]{7}`\) by Ada\n {2}- Workaround: reload/)
  expect(body).toMatch(
    /\*\*Shipped\*\*: shop 1\.2\.0 to production[\s\S]*\*\*Behind flags\*\*[\s\S]*\*\*Excluded\*\*: nothing[\s\S]*\*\*Rollback window\*\*: 24 h/,
  )
  const request = changeRequest.parse(JSON.parse(readFileSync(first.outputs['change-request'] ?? '', 'utf8')))
  expect(dry.outputs['change-request']).toBe('')
  expect([request.id, request.digest, request.closure?.result]).toEqual([
    'shop/1.2.0/1',
    release.digest,
    'successful',
  ])
  expect(request.closure?.record.hash).toBe((await release.event('completed'))?.hash)
  const kinds = await release.kinds()
  expect(kinds.slice(-2)).toEqual(['published', 'completed'])
  await release.github.releases.publish({
    tag: 'v1.2.0',
    sha: release.clone.git('rev-parse', 'HEAD'),
    name: 'shop 1.2.0',
    body: `By hand.\n\n${body}\n\nMore by hand.`,
    draft: false,
    prerelease: false,
    latest: true,
  })
  const again = await notes()
  expect([again.status, again.outputs['url'], await release.kinds()]).toEqual([
    0,
    first.outputs['url'],
    kinds,
  ])
  expect(release.hub.releases().map((each) => each.body)).toEqual([`By hand.\n\n${body}\n\nMore by hand.`])
  const tickets = (await release.hub.issues.all()).filter((issue) => !issue.pull)
  expect(tickets.map(({ title, state }) => [title, state])).toEqual([['Release shop 1.2.0', 'closed']])
}, 60_000)

test('a release that is not live is not announced', async () => {
  release = await openRelease()
  const { status, result } = await notes()
  expect([status, result.decision, result.reasonCode, release.hub.releases()]).toEqual([
    1,
    'refused',
    'not-live',
    [],
  ])
}, 60_000)
