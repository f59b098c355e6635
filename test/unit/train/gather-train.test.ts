import { expect, test } from '@jest/globals'
import { reviewManifest } from '@relman/core/manifest/review-manifest'
import { GitHubError } from '@relman/core/ports/github-error'
import type { Partner, TrainPorts } from '@relman/core/ports/train'
import { gatherTrain } from '../../../actions/plan-release/gather-train.ts'
import { comment, digest, eventsOf, left, manifestOf, sha256, whole } from './facts.ts'

const short = digest.slice(0, 32)
const said = [
  comment('ada', `/relman go ${short}`),
  comment('cy', `/relman confirm ${short} pay`),
  comment('bo', `/relman confirm ${short} shop`),
  comment('bo', `/relman stop ${short}`),
]

type Pushes = Record<string, string[]>

/** Who may push where; a repository that is not named does not answer. */
const gather = (pushes: Pushes, more: Partial<TrainPorts> = {}, events = eventsOf([]), manifest = whole) => {
  const may = (repository: string) => async (login: string) => {
    const who = pushes[repository]
    if (!who) throw new GitHubError('github-unavailable', `${repository} does not answer`)
    return who.includes(login)
  }
  const partner = (repository: string): Partner =>
    ({
      mayPush: may(repository),
      file: async () => null,
      release: async () => ({ state: null, live: null }),
    }) as unknown as Partner
  const ports = {
    comments: async () => said,
    ticket: async () => 1,
    mayPush: may('acme/train'),
    partner,
    clock: { now: () => Date.parse('2026-01-02T15:00:00Z') },
    sha256,
    ...more,
  } as unknown as TrainPorts
  const train = { service: 'release+train', slug: 'autumn', manifest, review: reviewManifest(manifest) }
  return gatherTrain({ ...train, digest, text: '', events, repositories: [], notes: [] }, ports)
}

const all: Pushes = {
  'acme/train': ['ada'],
  'acme/ledger': ['cy'],
  'acme/search': [],
  'acme/pricing': ['bo'],
  'acme/checkout': ['bo'],
}
const states = (facts: Awaited<ReturnType<typeof gather>>) =>
  Object.fromEntries(facts.teams.map(({ team, state }) => [team, state]))
const verbs = (facts: Awaited<ReturnType<typeof gather>>) => facts.words.map(({ verb }) => verb)

test('P8: whoever may push to every repository of a team speaks for it, the owner may push here', async () => {
  const facts = await gather(all)
  expect([states(facts), verbs(facts)]).toEqual([
    { pay: 'confirmed', find: 'missing', shop: 'confirmed' },
    ['go', 'stop'],
  ])
})

test('P8: one repository of the team is not enough, a stranger with the name of the owner is not the owner', async () => {
  const facts = await gather({ ...all, 'acme/pricing': ['cy'], 'acme/train': [] })
  expect([states(facts)['shop'], verbs(facts)]).toEqual(['missing', []])
})

test('P8: a repository that does not answer vouches for nobody', async () => {
  const { 'acme/ledger': _, ...rest } = all
  expect(states(await gather(rest))['pay']).toBe('missing')
})

test('P8: the manifest narrows who speaks, and never widens it', async () => {
  const manifest = manifestOf(
    '  - { component: ledger, team: pay, repository: acme/ledger, version: 3.1.0 }\n',
    'teams: { pay: { owners: [di] } }\n',
  )
  expect(states(await gather(all, {}, eventsOf([]), manifest))).toEqual({ pay: 'missing' })
})

test('P8: one service of one repository is one component, however the manifest writes it', async () => {
  const manifest = manifestOf(
    `  - { component: ledger, team: pay, repository: acme/ledger, version: 3.1.0 }
  - { component: copy, team: pay, repository: Acme/Ledger, service: ledger, version: 3.2.0 }
`,
  )
  const { parts } = await gather({ ...all, 'Acme/Ledger': ['cy'] }, {}, eventsOf([]), manifest)
  expect(parts.get('copy')?.faults).toContainEqual(expect.stringMatching(/the same service/))
})

test('P8: before the departure a ticket that cannot be read ends the pass; afterwards it must not hold the way back', async () => {
  const broken = {
    ticket: async () => {
      throw new GitHubError('github-unavailable', 'no issues now')
    },
  }
  await expect(gather(all, broken)).rejects.toThrow('no issues now')
  const facts = await gather(all, broken, eventsOf(left))
  expect(facts.words).toEqual([])
})
