import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { sha256 } from '@relman/core/adapters/hash/sha256'
import { changeRequest } from '@relman/core/change-request/change-request'
import { canonicalJson } from '@relman/core/record/canonical-json'
import type { EventDraft, EventKind } from '@relman/core/record/event'
import { openRelease, type Release } from './released.ts'

let release: Release
afterEach(async () => {
  expect(release.hub.violations).toEqual([])
  await release.close()
})

const policy = `
service: shop
traffic: { driver: http, url: 'http://127.0.0.1:9/weight' }
purpose:
  objectives:
    - { text: fewer errors, metric: errors, want: '< 1 %' }
    - { text: fewer calls, metric: tickets }
metrics:
  file: { path: seen.jsonl }
  checks: [{ kind: ratio, name: errors }]
`
const draft = (kind: EventKind, digest: string, data: EventDraft['data'] = {}): EventDraft => ({
  ...{ kind, key: `${kind}:test`, actor: 'ada', run: null, digest, token: null, data },
})
/** Bad requests of 10,000 around a moment, so many seconds ago. */
const see = (...spans: [ago: number, events: number][]) => {
  const now = Math.floor(Date.now() / 1000)
  const lines = spans.map(([ago, events]) =>
    JSON.stringify({
      ...{ schema: 1, metric: 'errors', kind: 'ratio', from: now - ago, to: now - ago + 30, weight: 100 },
      ...{ canary: [{ instance: 'a', total: 10_000, events }], stable: [] },
    }),
  )
  writeFileSync(join(release.clone.folder, 'seen.jsonl'), `${lines.join('\n')}\n`)
}
const review = (inputs: Record<string, string> = {}) =>
  release.run('publish-notes', { operation: 'review', digest: '', ...inputs })
const head = () =>
  release.clone.git('ls-remote', join(release.clone.folder, '..', 'bare.git'), 'refs/heads/relman-record')
const ticket = async (title: string) =>
  (await release.hub.issues.all()).find((issue) => !issue.pull && issue.title === title)

test('P19, P21, L5, N9, N11: the review measures again, writes the outputs by name, and closes the change request; twice changes nothing', async () => {
  release = await openRelease({ policy, ago: 600 })
  const change = { release: { token: release.token } }
  await release.store.append('shop', release.version, [draft('deployed', release.digest)], { change })
  see([1_000, 20], [300, 20])
  const completed = await release.run('publish-notes', { operation: 'notes' })
  const open = changeRequest.parse(
    JSON.parse(readFileSync(completed.outputs['change-request'] ?? '', 'utf8')),
  )
  expect([open.outcome?.result, open.closure]).toEqual(['successful', null])

  const due = await review({ version: 'v1.2.0' })
  expect([due.status, due.result.decision, due.result.reasonCode]).toEqual([0, 'nothing', 'no-review-due'])
  expect(due.result.message).toMatch(
    /that of shop 1\.2\.0 is on \d{4}-\d\d-\d\d \d\d:\d\d UTC, or now with early/,
  )
  // What takes days to show: errors rise after the release was completed.
  see([1_000, 20], [300, 20], [60, 900])
  const before = head()
  const dry = await review({ version: '1.2.0', early: 'true', 'dry-run': 'true' })
  expect([dry.status, dry.result.decision, head()]).toEqual([0, 'would-review', before])
  expect(dry.summary).toMatch(/fewer errors .*❌ \*\*missed\*\*/)

  const first = await review({ version: '1.2.0', early: 'true' })
  expect([first.status, first.log.match(/::error::.*/), first.result.reasonCode]).toEqual([
    0,
    null,
    'reviewed',
  ])
  const path = first.outputs['change-request'] ?? ''
  const closed = changeRequest.parse(JSON.parse(readFileSync(path, 'utf8')))
  expect([closed.outcome, closed.closure?.result, closed.closure?.review?.outcome]).toEqual([
    null,
    'successful',
    'with-findings',
  ])
  expect(closed.closure?.record.hash).toBe((await release.event('reviewed'))?.hash)
  const pages = (folder: string) =>
    Object.fromEntries(
      readdirSync(folder)
        .filter((name) => /\.(md|json)$/.test(name))
        .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
    )
  const written = pages(dirname(path))
  expect(Object.keys(written).sort()).toEqual([
    'change-request.json',
    'execution-report.md',
    'improvements.json',
    'improvements.md',
    'post-release-metrics.json',
    'post-release-metrics.md',
    'retrospective.md',
  ])
  const { measured } = JSON.parse(written['post-release-metrics.json'] ?? '')
  expect(measured).toEqual([
    expect.objectContaining({ what: 'fewer errors', release: '0.2 %', now: '4.6 %', outcome: 'missed' }),
    expect.objectContaining({ what: 'fewer calls', now: null, outcome: 'inconclusive' }),
    expect.objectContaining({ what: 'errors', before: '0.2 %', now: '4.6 %', outcome: 'broken' }),
    expect.objectContaining({ kind: 'criterion', outcome: 'broken' }),
  ])
  expect(written['execution-report.md']).toMatch(
    /## What the record does not hold\n\n- no decision of a gate/,
  )
  expect(written['improvements.md']).toMatch(/- \[ \] `broken-errors` find out why this does not hold/)
  const told = await ticket('Release shop 1.2.0')
  expect([told?.state, told?.body]).toEqual([
    'closed',
    expect.stringMatching(/## Completion Summary[\s\S]*## Review\n\nReviewed[\s\S]*- \[ \] `objective-1`/),
  ])

  const after = head()
  see([300, 1])
  const again = await review({ version: '1.2.0' })
  expect([again.status, head(), (await ticket('Release shop 1.2.0'))?.body]).toEqual([0, after, told?.body])
  expect(pages(dirname(again.outputs['change-request'] ?? ''))).toEqual(written)
}, 60_000)

/** A release of long ago beside the planned one: its plan with another version and a review that was due. */
const past = async (version: string, review_: string, ...events: [EventKind, EventDraft['data']?][]) => {
  const plan = JSON.parse((await release.store.plan(release.digest)) ?? '')
  const milestones = [{ ...plan.schedule.milestones[0], id: 'review', at: review_ }]
  const window = { start: '2020-01-01T10:00:00Z', end: '2099-01-01T12:00:00Z' }
  const text = canonicalJson({
    ...plan,
    version,
    tag: `v${version}`,
    schedule: { ...plan.schedule, window, milestones },
  })
  const digest = sha256(text)
  const drafts = events.map(([kind, data]) => draft(kind, digest, data))
  await release.store.append('shop', version, drafts, { plan: { digest, text } })
  return digest
}

test('P19, L5, N9: every review that is due is held once, by two runs at a time too; a broken record holds up no other', async () => {
  release = await openRelease({ ago: 8 * 86_400 })
  const yesterday = new Date(Date.now() - 86_400_000).toISOString()
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  const live: [EventKind, EventDraft['data']?][] = [['planned'], ['approved'], ['started'], ['deployed']]
  const hostile = '<!-- x --> @acme/all [a](javascript:b)\n# c'
  const back: [EventKind, EventDraft['data']?][] = [
    ...live.slice(0, 3),
    ['deployment-failed', { reason: 'manual' }],
    ['rolled-back', { reason: 'manual', why: hostile, seconds: 4 }],
  ]
  await past('1.0.1', yesterday, ...live, ['completed'])
  await past('1.0.2', yesterday, ...back)
  await past('1.0.3', tomorrow, ...live, ['completed'])
  await past('1.0.4', yesterday, ...live)
  const both = await Promise.all([review(), review()])
  expect(both.map(({ status, result }) => [status, result.decision])).toEqual([
    [0, 'reviewed'],
    [0, 'reviewed'],
  ])
  for (const { result } of both)
    expect(result.data['reviews']).toEqual([
      expect.objectContaining({ name: 'shop 1.0.2' }),
      expect.objectContaining({ name: 'shop 1.0.1' }),
    ])
  const kinds = async (version: string) =>
    (await release.store.events('shop', version)).filter(({ kind }) => kind === 'reviewed').length
  expect([await kinds('1.0.1'), await kinds('1.0.2'), await kinds('1.0.3'), await kinds('1.0.4')]).toEqual([
    1, 1, 0, 0,
  ])
  const body = (await ticket('Release shop 1.0.2'))?.body ?? ''
  expect(body).toMatch(/## Review\n\n[\s\S]*seen-by-people-1\.0\.2/)
  expect(body).not.toMatch(/(?<!\\)<!-- x|@acme|(?<!\\)\]\(javascript|^# c/m)
  expect(body.match(/^## Review$/gm)).toHaveLength(1)

  const refusals = await Promise.all([review({ version: '9.9.9' }), review({ version: '1.0.4' })])
  expect(refusals.map(({ status, result }) => [status, result.reasonCode])).toEqual([
    [1, 'not-recorded'],
    [1, 'not-ended'],
  ])
  // Somebody writes an event over.
  const remote = join(release.clone.folder, '..', 'bare.git')
  const folder = join(release.clone.folder, '..', 'record')
  release.clone.git('clone', '-q', '-b', 'relman-record', remote, folder)
  const at = (version: string) => {
    const files = release.clone.git('-C', folder, 'ls-files', `*shop*/${version}/*`).split('\n')
    return join(folder, files[0] ?? '')
  }
  writeFileSync(at('1.0.2'), readFileSync(at('1.0.2'), 'utf8').replace('"ada"', '"eve"'))
  release.clone.git('-C', folder, '-c', 'user.name=e', '-c', 'user.email=e@x', 'commit', '-qam', 'x')
  release.clone.git('-C', folder, 'push', '-q', 'origin', 'relman-record')
  await past('1.0.5', yesterday, ...live, ['completed'])
  const broken = await review()
  expect([broken.status, broken.result.decision, broken.result.reasonCode]).toEqual([
    1,
    'reviewed',
    'review-unread',
  ])
  expect(broken.result.message).toMatch(
    /shop 1\.0\.5 is reviewed.*the record of shop 1\.0\.2 cannot be trusted/,
  )
}, 120_000)
