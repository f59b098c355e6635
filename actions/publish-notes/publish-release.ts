import { ConfigurationError } from '@relman/core/config/configuration-error'
import { heldUntil } from '@relman/core/embargo/embargo'
import { completionSummary } from '@relman/core/notes/completion-summary'
import { heldNote } from '@relman/core/notes/held-note'
import { releaseBody } from '@relman/core/notes/release-body'
import { releaseNotes } from '@relman/core/notes/release-notes'
import type { ObjectiveResult } from '@relman/core/purpose/objective-result'
import type { EventDraft } from '@relman/core/record/event'
import { fold } from '@relman/core/record/fold'
import type { Release } from '@relman/core/record/release'
import type { Outcome } from '@relman/core/runtime/outcome'
import { inline } from '@relman/core/text/escape-markdown'
import { type Closed, closeChange } from './close-change.ts'
import { lookUpObjectives } from './look-up-objectives.ts'
import type { ReleaseFacts } from './release-facts.ts'
import { projectTicket } from './ticket.ts'

/**
 * Publishes the notes of a live release: the GitHub Release of its tag, exactly once, with what people wrote into it
 * kept; then `published` and `completed` in the record, and the ticket. Doing it again changes nothing.
 */
export const publishRelease = async (facts: ReleaseFacts): Promise<Outcome> => {
  const { plan, digest, ports } = facts
  const events = await ports.store.events(plan.service, plan.version)
  const release = fold(events)
  if (release.state !== 'deployed' && release.state !== 'completed') return notLive(facts, release)
  if (release.digest !== digest) return superseded(facts, release)
  const liveAt =
    events.findLast((event) => event.kind === 'deployed')?.at ?? new Date(ports.clock.now()).toISOString()
  const held = await holdsBack(facts)
  // What is held back is measured when it is told.
  const objectives = held ? [] : await lookUpObjectives(plan, events, liveAt, ports)
  const summary = completionSummary(plan, digest, liveAt, objectives)
  const before = await ports.github.refs.commit(`tags/${plan.tag}`)
  if (before !== null && before !== plan.sha) return tagElsewhere(facts, release, before, '')
  const existing = await ports.github.releases.byTag(plan.tag)
  const body = releaseBody(existing?.body ?? null, (limit) =>
    held ? heldNote(plan, liveAt) : `${releaseNotes(plan, liveAt, limit - summary.length - 2)}\n\n${summary}`,
  )
  const told = { facts, held, body }
  if (ports.dryRun) return outcome({ ...told, state: release.state, url: existing?.url ?? '', dryRun: true })
  const prerelease = plan.version.split('+')[0]?.includes('-') ?? false
  const published = await ports.github.releases.publish({
    tag: plan.tag,
    sha: plan.sha,
    name: `${plan.service} ${plan.version}`,
    body,
    draft: plan.policy.notes.draft,
    prerelease,
    latest: !prerelease && !plan.maintenance,
  })
  // A draft has no tag before a person publishes it.
  const tagged = plan.policy.notes.draft ? null : await ports.github.refs.commit(`tags/${plan.tag}`)
  if (tagged !== null && tagged !== plan.sha) return tagElsewhere(facts, release, tagged, published.url)
  const { events: after } = await ports.store.append(
    plan.service,
    plan.version,
    drafts(facts, release, { url: published.url, liveAt, held, objectives }),
  )
  const { state } = fold(after)
  const ticket = await projectTicket(facts, after, held ? 'rollout' : 'completion')
  const closed = await closeChange(facts, after)
  return outcome({
    ...told,
    state: state ?? 'completed',
    url: published.url,
    dryRun: false,
    trouble: ticket.trouble,
    closed,
  })
}

const drafts = (
  { plan, digest, context, ports }: ReleaseFacts,
  release: Release,
  {
    url,
    liveAt,
    held,
    objectives,
  }: { url: string; liveAt: string; held: Held; objectives: readonly ObjectiveResult[] },
): EventDraft[] => {
  const common = { actor: context.actor, run: context.run, digest, token: null }
  const seconds = Math.max(0, Math.round((ports.clock.now() - Date.parse(liveAt)) / 1000))
  const published = { tag: plan.tag, url, draft: plan.policy.notes.draft }
  const first: EventDraft = { ...common, kind: 'published', key: `published:${plan.tag}`, data: published }
  if (held) return [{ ...first, data: { ...published, heldUntil: held.until } }]
  const disclosed: EventDraft = {
    ...common,
    kind: 'published',
    key: `disclosed:${plan.tag}`,
    data: { ...published, disclosed: true },
  }
  return [
    first,
    ...(plan.embargo ? [disclosed] : []),
    {
      ...common,
      kind: 'completed',
      key: `completed:${digest}`,
      data: {
        seconds,
        steps: release.steps.length,
        window: plan.policy.rollback.window,
        ...(objectives.length > 0 ? { objectives: [...objectives] } : {}),
      },
    },
  ]
}

type Held = ReturnType<typeof heldUntil>

/** @throws ConfigurationError where the input is no moment */
const holdsBack = async ({ plan, input, ports }: ReleaseFacts): Promise<Held> => {
  const { disclosure } = input
  if (plan.embargo === null || disclosure === '' || disclosure === 'now')
    return heldUntil(plan, ports.clock.now(), disclosure === '' ? null : 'now')
  const { iso, momentOf } = await import('@relman/core/schedule/moment')
  try {
    return heldUntil(plan, ports.clock.now(), iso(momentOf(disclosure, plan.policy.schedule.zone)))
  } catch (error) {
    throw error instanceof Error
      ? new ConfigurationError(`input "disclosure": ${error.message}, or write now`)
      : error
  }
}

const notLive = ({ plan, digest }: ReleaseFacts, { state }: Release): Outcome =>
  refusal(
    digest,
    'not-live',
    `${plan.service} ${plan.version} is ${state ?? 'not in the record'}, so there is nothing to announce`,
    state ?? '',
  )

/** GitHub takes a tag that exists for what is released, wherever it is. */
const tagElsewhere = (
  { plan, digest }: ReleaseFacts,
  { state }: Release,
  at: string,
  url: string,
): Outcome => {
  const done = url === '' ? 'nothing is published' : `the notes at ${url} are of that commit: delete them too`
  return refusal(
    digest,
    'tag-elsewhere',
    `the tag ${plan.tag} is at commit ${at.slice(0, 12)}, and ${plan.service} ${plan.version} is commit ${plan.sha.slice(0, 12)}: no tag is moved, and ${done}; delete or rename that tag, and run this job again`,
    state ?? '',
  )
}

const superseded = ({ plan, digest }: ReleaseFacts, release: Release): Outcome =>
  refusal(
    digest,
    'superseded',
    `plan ${digest.slice(0, 12)} is not the one that ${plan.service} ${plan.version} was rolled out by (${release.digest?.slice(0, 12) ?? 'none'})`,
    release.state ?? '',
  )

const refusal = (digest: string, reasonCode: string, message: string, state: string): Outcome => ({
  decision: 'refused',
  reasonCode,
  message,
  failed: true,
  outputs: { state, url: '' },
  data: { digest },
  summary: '',
})

type Told = {
  facts: ReleaseFacts
  held: Held
  body: string
  state: string
  url: string
  dryRun: boolean
  trouble?: string
  closed?: Closed
}

const nothing: Closed = { path: '', said: '' }

const outcome = ({
  facts,
  held,
  body,
  state,
  url,
  dryRun,
  trouble = '',
  closed = nothing,
}: Told): Outcome => {
  const { plan, digest } = facts
  const until = held?.until ? `until ${held.until}` : 'until somebody says that the embargo is over'
  const what = held
    ? `a short note of ${plan.service} ${plan.version} is`
    : `the notes of ${plan.service} ${plan.version} are`
  const message = [
    `${dryRun ? what.replace(/ (is|are)$/, ' would be') : what} published${url ? ` at ${url}` : ''}`,
    ...(held
      ? [`the notes themselves are held back ${until}; run this again then, or with disclosure: now`]
      : []),
    ...(trouble ? [trouble] : []),
    ...(closed.said ? [closed.said] : []),
  ]
  return {
    decision: dryRun ? 'would-publish' : 'published',
    reasonCode: held ? 'embargoed' : dryRun ? 'dry-run' : 'published',
    message: message.join('; '),
    failed: false,
    outputs: { state, url, 'change-request': closed.path },
    data: { version: plan.version, tag: plan.tag, digest, state, url, characters: body.length },
    summary: `# ${inline(plan.service)} ${inline(plan.version)}\n\n${body}`,
  }
}
