import { createHash } from 'node:crypto'
import { readManifest } from '@relman/core/manifest/read-manifest'
import { reviewManifest } from '@relman/core/manifest/review-manifest'
import { sealEvents } from '@relman/core/record/chain'
import type { RecordEvent } from '@relman/core/record/event'
import { trainRevision } from '@relman/core/train/identity'
import { claim, ended, started } from '@relman/core/train/steps'
import type { Draft, Operation, PartFacts, TrainFacts } from '@relman/core/train/train'
import { type Comment, teamWords, wordsIn } from '@relman/core/train/word'

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

export const manifestOf = (components: string, more = '') =>
  readManifest(
    `schema: 1\nname: autumn\nowner: ada\ncheckpoint: "2026-01-02T14:00:00Z"\n${more}components:\n${components}`,
    'f',
  )

/** ledger, then pricing that needs it, then checkout that needs pricing; search needs nothing. */
export const whole = manifestOf(
  `  - { component: ledger, team: pay, repository: acme/ledger, version: 3.1.0 }
  - { component: search, team: find, repository: acme/search, version: 2.0.0 }
  - { component: pricing, team: shop, repository: acme/pricing, version: 1.2.0, needs: [ledger] }
  - { component: checkout, team: shop, repository: acme/checkout, version: 5.0.0, needs: [pricing] }
`,
)

export const { digest } = trainRevision(whole, sha256)

export const at = '2026-01-02T15:00:00.000Z'

export const eventsOf = (drafts: readonly Draft[], before: readonly RecordEvent[] = []): RecordEvent[] => [
  ...before,
  ...sealEvents(
    before,
    drafts.map((draft) => ({ ...draft, actor: 'ada', run: null, digest, token: null })),
    { service: 'release+train', release: 'autumn', now: at, sha256 },
  ),
]

export const left: Draft[] = [
  { kind: 'planned', key: 'planned', data: {} },
  { kind: 'approved', key: 'approved', data: {} },
  { kind: 'started', key: 'started', data: {} },
]

export const begun = (component: string, operation: Operation = 'release', run = 1): Draft[] => [
  claim({ component, operation }, 1, 'key'),
  started({ component, operation }, run, 'https://x/1'),
]

export { ended }

export const over = (conclusion = 'success', id = 1) => ({ id, over: true, conclusion, url: 'https://x/1' })
export const living = (id = 1) => ({ id, over: false, conclusion: null, url: 'https://x/1' })

export const part = (component: string, more: Partial<PartFacts> = {}): PartFacts => ({
  component,
  faults: [],
  state: null,
  live: null,
  release: null,
  rollback: null,
  trouble: null,
  ...more,
})

let comments = 0
export const comment = (author: string, body: string, more: Partial<Comment> = {}): Comment => {
  comments += 1
  return {
    id: comments,
    author,
    bot: false,
    body,
    createdAt: at,
    edited: false,
    url: `https://x/c/${comments}`,
    ...more,
  }
}

export const factsOf = (
  events: readonly RecordEvent[],
  parts: readonly PartFacts[] = [],
  said: readonly Comment[] = [],
  manifest = whole,
): TrainFacts => {
  const review = reviewManifest(manifest)
  const words = wordsIn(said)
  const own = trainRevision(manifest, sha256).digest
  const teams = [...new Set(manifest.components.map(({ team }) => team))]
  const known = new Map(parts.map((each) => [each.component, each]))
  return {
    manifest,
    review,
    digest: own,
    now: '2026-01-02T15:00:10.000Z',
    events,
    parts: new Map(review.order.map((name) => [name, known.get(name) ?? part(name)])),
    teams: teamWords(teams, words, own, () => true),
    words: words.filter((word) => own.startsWith(word.digest)),
    drivable: true,
  }
}
