import { fold } from '../record/fold.ts'
import { cut } from '../text/visible.ts'
import type { Draft, PartStanding, Pass, TrainFacts } from './train.ts'
import { isOf, shortRevision, type TeamWord, type Word } from './word.ts'

/** States from which a train may still leave. */
export const beforeDeparture = [null, 'planning', 'planning-failed', 'approved', 'rejected'] as const

/**
 * Row P8: before a train leaves. It writes down the revision and each team's confirmation of it, says what holds it, and lets it
 * leave only when nothing does and its owner has said go at the checkpoint, after the last confirmation.
 */
export const prepare = (facts: TrainFacts): Pass => {
  const { manifest, review, digest, teams, words, events } = facts
  const holds = holdsOf(facts)
  const open = teams.filter(({ state }) => state !== 'confirmed')
  const drafts = [...planned(facts), ...confirmed(facts)]
  const parts = review.order.map(
    (component): PartStanding => ({ component, standing: 'waiting', why: '', url: null }),
  )
  const pass = (
    decision: Pass['decision'],
    reasonCode: string,
    message: string,
    more: Partial<Pass> = {},
  ): Pass => ({ decision, reasonCode, message, holds, drafts, moves: [], parts, ...more })
  const name = cut(manifest.name, 100)
  const owners = words.filter((word) => isOf(word, digest) && isOwner(word, manifest.owner))
  const last = owners.findLast(({ verb }) => verb === 'go' || verb === 'no-go' || verb === 'stop')
  if (last && last.verb !== 'go') {
    const rejected: Draft = {
      kind: 'rejected',
      key: `rejected:${last.comment}`,
      data: { by: last.by, reason: last.why || 'no reason was given', comment: last.url },
    }
    const again = fold(events).state === 'rejected' ? [] : [rejected]
    const message = `${name} does not leave: ${last.by} said ${last.verb}${last.why ? `: ${last.why}` : ''}`
    return pass('no-go', 'owner-said-no', message, { drafts: [...drafts, ...again] })
  }
  if (holds.length > 0) {
    const reason = open.length > 0 ? 'not-confirmed' : 'not-ready'
    return pass(
      'waiting',
      reason,
      `${name} does not leave: ${holds[0]}${holds.length > 1 ? `, and ${holds.length - 1} more` : ''}`,
    )
  }
  const early = last && tooEarly(last, facts)
  if (!last || early) {
    const asked = `everything is ready: ${cut(manifest.owner, 100)} says go from ${review.checkpoint?.at} on`
    return pass('waiting', 'awaiting-go', `${name} waits for the go decision: ${early || asked}`)
  }
  const state = fold(events).state
  const go: Draft[] = [
    ...(state === 'rejected'
      ? [{ kind: 'gated' as const, key: `reopened:${last.comment}`, data: { stage: 'go', decision: 'go' } }]
      : []),
    {
      kind: 'approved',
      key: `approved:${last.comment}`,
      data: {
        by: last.by,
        comment: last.url,
        said: last.comment,
        confirmations: teams.map(({ team, by, url }) => ({ team: cut(team, 100), by, comment: url })),
      },
    },
    {
      kind: 'started',
      key: `started:${digest}`,
      data: { order: review.order.map((part) => cut(part, 100)) },
    },
  ]
  return pass('driving', 'driving', `${name} leaves: ${last.by} said go`, { drafts: [...drafts, ...go] })
}

const isOwner = ({ by }: Word, owner: string): boolean => by.toLowerCase() === owner.toLowerCase()

/** A go of somebody who had not heard all confirmations, or gave it before the checkpoint, is none. */
const tooEarly = (go: Word, { review, teams }: TrainFacts): string => {
  const checkpoint = review.checkpoint?.at ?? ''
  if (Date.parse(go.at) < Date.parse(checkpoint))
    return `the go of ${go.by} was given before the checkpoint at ${checkpoint}: give it again then`
  const late = teams.find(({ comment }) => (comment ?? 0) > go.comment)
  return late ? `the go of ${go.by} was given before ${cut(late.team, 100)} confirmed: give it again` : ''
}

const planned = ({ manifest, digest, events }: TrainFacts): Draft[] => {
  const { digest: before, revision, signoffs } = fold(events)
  if (before === digest) return []
  const lost = signoffs.filter((signoff) => signoff.digest === before)
  const voids = before === null ? [] : lost.map(({ role, by }) => ({ role, by }))
  return [
    {
      kind: 'planned',
      key: `planned:${digest}:${revision}`,
      data: {
        name: cut(manifest.name, 100),
        revision: manifest.revision,
        owner: cut(manifest.owner, 100),
        voids,
      },
    },
  ]
}

const confirmed = ({ teams, digest }: TrainFacts): Draft[] =>
  teams.flatMap((said): Draft[] =>
    said.state === 'confirmed'
      ? [
          {
            kind: 'signed-off',
            key: `confirmed:${digest}:${said.comment}:${said.team}`,
            data: { role: cut(said.team, 100), environment: 'ticket', by: said.by, comment: said.url },
          },
        ]
      : [],
  )

/** Everything that holds it; the manifest's own confirmations do not count here, because nobody vouches for who wrote them. */
const holdsOf = ({ manifest, review, digest, parts, teams, drivable }: TrainFacts): string[] => {
  const written = new Map(manifest.components.map((part) => [part.component, part]))
  return [
    ...(drivable ? [] : ['there is no train-token, so that no other repository can be read or started']),
    ...review.blockers.filter(({ code }) => code !== 'not-confirmed').map(({ text }) => text),
    ...review.order.flatMap((component) => {
      const name = cut(component, 100)
      const { faults = [], state = null, trouble = null } = parts.get(component) ?? {}
      return [
        ...(written.get(component)?.version
          ? []
          : [`${name}: write its version, which is looked for in its record`]),
        ...faults.map((fault) => `${name}: ${fault}`),
        ...(trouble === null ? [] : [`${name}: ${trouble}`]),
        ...(state === 'rolled-back' || state === 'rollback-failed'
          ? [`${name}: its version was rolled back and is blocked; release another one`]
          : []),
        ...(state === 'executing' || state === 'deployed'
          ? [`${name}: its version is being released already, outside of this train`]
          : []),
      ]
    }),
    ...teams.filter(({ state }) => state !== 'confirmed').map((said) => unconfirmed(said, digest)),
  ]
}

const unconfirmed = ({ team, state, by, why }: TeamWord, digest: string): string => {
  const ask = `${cut(team, 100)} comments "/relman confirm ${shortRevision(digest)} ${cut(team, 100)}"`
  if (state === 'objected')
    return `team ${cut(team, 100)} objects (${by})${why ? `: ${why}` : ''}; then ${ask}`
  return `team ${cut(team, 100)} has not confirmed this revision${state === 'stale' ? `, only an earlier one (${by})` : ''}: ${ask}`
}
