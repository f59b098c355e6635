import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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

test('N1, N2, N4, C7, P19, 89, complaint 13, complaint 19: the release is published once, with its sections, and what people add stays', async () => {
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
  // No commit to a branch of the repository; the tag came with the release.
  const remote = join(release.clone.folder, '..', 'bare.git')
  const refs = release.clone.git('ls-remote', remote, 'refs/heads/*', 'refs/tags/v1.2.0').split('\n')
  const head = release.clone.git('rev-parse', 'HEAD')
  expect(refs.filter((ref) => !ref.endsWith('refs/heads/relman-record'))).toEqual([
    `${head}\trefs/heads/main`,
    `${head}\trefs/tags/v1.2.0`,
  ])
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
  expect([request.id, request.digest, request.outcome?.result, request.closure]).toEqual([
    'shop/1.2.0/1',
    release.digest,
    'successful',
    null,
  ])
  expect(request.outcome?.record.hash).toBe((await release.event('completed'))?.hash)
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

test('P21: objectives are measured once the release is live; record, notes and ticket say wanted and observed', async () => {
  const policy = `
service: shop
traffic: { driver: http, url: 'http://127.0.0.1:9/weight' }
purpose:
  theme: Calmer
  objectives:
    - { text: fewer errors, metric: errors, want: '< 1 %' }
    - { text: faster, metric: latency, want: 'p95 < 300 ms' }
    - { text: fewer calls, metric: tickets }
metrics:
  file: { path: seen.jsonl }
  checks:
    - { kind: ratio, name: errors }
    - { kind: latency, name: latency }
`
  release = await openRelease({ policy, ago: 600 })
  await deploy()
  const now = Math.floor(Date.now() / 1000)
  const seen = (errors: number) =>
    writeFileSync(
      join(release.clone.folder, 'seen.jsonl'),
      `${JSON.stringify({
        schema: 1,
        metric: 'errors',
        kind: 'ratio',
        from: now - 300,
        to: now - 240,
        weight: 100,
        canary: [{ instance: 'a', total: 5_000, events: errors }],
        stable: [],
      })}\n`,
    )
  seen(5)
  const { status, log } = await notes()
  expect([status, log.match(/::error::.*/)]).toEqual([0, null])
  const event = await release.event('completed')
  expect(event?.data['objectives']).toEqual([
    expect.objectContaining({ metric: 'errors', wanted: '< 1 %', observed: '0.1 %', outcome: 'met' }),
    expect.objectContaining({ metric: 'latency', observed: null, outcome: 'inconclusive' }),
    expect.objectContaining({
      metric: 'tickets',
      outcome: 'inconclusive',
      why: expect.stringMatching(/review/),
    }),
  ])
  const body = release.hub.releases()[0]?.body ?? ''
  expect(body).toMatch(
    /\*\*Objectives\*\*: 1 of 3 met\n {2}- fewer errors: \*\*met\*\*, 0\.1 % \(5000 requests/,
  )
  const [ticket] = (await release.hub.issues.all()).filter((issue) => !issue.pull)
  expect(ticket?.body).toMatch(/fewer errors: \*\*met\*\*/)
  // Said once, it stays said: a second run does not measure again.
  seen(4_000)
  expect((await notes()).status).toBe(0)
  expect(release.hub.releases()[0]?.body).toBe(body)
}, 60_000)
