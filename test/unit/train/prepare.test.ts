import { expect, test } from '@jest/globals'
import { trainRevision, trainSlug } from '@relman/core/train/identity'
import { reconcile } from '@relman/core/train/reconcile'
import { comment, digest, eventsOf, factsOf, manifestOf, part, sha256, whole } from './facts.ts'

const short = digest.slice(0, 32)
const confirms = () => [
  comment('cy', `/relman confirm ${short} pay\r\n/relman confirm ${short} find`),
  comment('bo', `fine with us\n/relman confirm ${short} shop`),
]

const pass = (said: Parameters<typeof factsOf>[2], parts: Parameters<typeof factsOf>[1] = []) =>
  reconcile(factsOf([], parts, said))

test('P8: confirmed by all, and then go: it leaves', () => {
  const seen = pass([...confirms(), comment('Ada', `/relman go ${short}`)])
  expect([seen.decision, seen.drafts.map(({ kind }) => kind)]).toEqual([
    'driving',
    ['planned', 'signed-off', 'signed-off', 'signed-off', 'approved', 'started'],
  ])
  expect(seen.moves).toEqual([])
})

test.each([
  ['before the checkpoint', { createdAt: '2026-01-02T13:59:59Z' }, /before the checkpoint/],
  ['edited afterwards', { edited: true }, /says go from/],
  ['by a bot', { bot: true }, /says go from/],
])('P8: a go %s is none', (_, more, words) => {
  const seen = pass([...confirms(), comment('ada', `/relman go ${short}`, more)])
  expect([seen.reasonCode, seen.message]).toEqual(['awaiting-go', expect.stringMatching(words)])
})

test('P8: so few characters of a revision that another one may begin alike name none', () => {
  const few = digest.slice(0, 31)
  const seen = pass([
    comment('cy', `/relman confirm ${few} pay\n/relman confirm ${few} find`),
    comment('bo', `/relman confirm ${few} shop`),
    comment('ada', `/relman go ${few}`),
  ])
  expect([seen.decision, seen.reasonCode]).toEqual(['waiting', 'not-confirmed'])
  expect(seen.message).toContain(`/relman confirm ${short} pay`)
})

test('P8: a go that was given before the last confirmation is given again', () => {
  const go = comment('ada', `/relman go ${short}`)
  const seen = pass([go, ...confirms()])
  expect([seen.reasonCode, seen.message]).toEqual([
    'awaiting-go',
    expect.stringMatching(/before pay confirmed/),
  ])
})

test('P8: a no-go is written down with its reason, and a later go opens the way again', () => {
  const said = [...confirms(), comment('ada', `/relman no-go ${short} the bank is closed`)]
  const no = pass(said)
  expect([no.decision, no.drafts.at(-1)]).toEqual([
    'no-go',
    expect.objectContaining({
      kind: 'rejected',
      data: expect.objectContaining({ reason: 'the bank is closed' }),
    }),
  ])
  const events = eventsOf(no.drafts)
  expect(reconcile(factsOf(events, [], said)).drafts).toEqual([])
  const go = reconcile(factsOf(events, [], [...said, comment('ada', `/relman go ${short}`)]))
  expect(go.drafts.map(({ kind }) => kind)).toEqual(['gated', 'approved', 'started'])
  expect(() => eventsOf(go.drafts, events)).not.toThrow()
})

test('P8: an objection takes a confirmation back', () => {
  const seen = pass([
    ...confirms(),
    comment('bo', `/relman object ${short} shop\nthe test environment is down`),
  ])
  expect([seen.reasonCode, seen.holds]).toEqual([
    'not-confirmed',
    [expect.stringMatching(/^team shop objects \(bo\): the test environment is down/)],
  ])
})

test('P8: a revision that comes back after another is planned again, and voids are named', () => {
  const other = manifestOf(`  - { component: ledger, team: pay, repository: acme/ledger, version: 3.1.1 }\n`)
  const one = eventsOf(pass(confirms()).drafts)
  const two = reconcile(factsOf(one, [], confirms(), other))
  expect(two.drafts[0]).toMatchObject({
    kind: 'planned',
    data: {
      voids: [
        { role: 'pay', by: 'cy' },
        { role: 'find', by: 'cy' },
        { role: 'shop', by: 'bo' },
      ],
    },
  })
  expect([two.reasonCode, two.holds[0]]).toEqual([
    'not-confirmed',
    expect.stringMatching(/only an earlier one \(cy\)/),
  ])
})

test('P8: what cannot be driven is told before anything leaves', () => {
  const seen = pass(
    [...confirms(), comment('ada', `/relman go ${short}`)],
    [
      part('ledger', { faults: ['there is no .github/workflows/release.yml'] }),
      part('search', { state: 'rolled-back' }),
      part('pricing', { state: 'executing' }),
      part('checkout', { trouble: 'GitHub did not answer' }),
    ],
  )
  expect([seen.reasonCode, seen.holds]).toEqual([
    'not-ready',
    [
      'ledger: there is no .github/workflows/release.yml',
      'search: its version was rolled back and is blocked; release another one',
      expect.stringMatching(/^pricing: its version is being released already/),
      'checkout: GitHub did not answer',
    ],
  ])
  expect(reconcile({ ...factsOf([]), drivable: false }).holds[0]).toMatch(/train-token/)
})

test('a tick of a checklist, a confirmation in the file or the readiness of a system is no new revision; anything else is', () => {
  const of = (part: string, more = '') =>
    trainRevision(manifestOf(`  - { component: a, team: t, repository: acme/a${part} }\n`, more), sha256)
      .digest
  const same = [
    of(', ready: [{ item: x, done: false }]', 'systems: { bank: { ready: false } }\n'),
    of(
      ', ready: [{ item: x, done: true }], confirmed: { by: bo, revision: 1 }',
      'systems: { bank: { ready: true } }\n',
    ),
  ]
  expect(new Set(same).size).toBe(1)
  expect(
    new Set([...same, of(''), of(', version: 1.0.0'), of(', blocked: no'), of('', 'revision: 2\n')]).size,
  ).toBe(5)
  expect(trainRevision(whole, sha256).digest).toBe(digest)
})

test.each([
  ['autumn', /^autumn$/],
  ['Autumn 2026', /^autumn-2026-[0-9a-f]{10}$/],
  ['../../x', /^x-[0-9a-f]{10}$/],
  ['秋', /^train-[0-9a-f]{10}$/],
])('the train %s stands in the record as %s', (name, slug) => {
  expect(trainSlug({ name }, sha256)).toMatch(slug)
})
