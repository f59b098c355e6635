import semver from 'semver'
import { isExpired } from '../record/change-service.ts'
import type { Service } from '../record/service.ts'
import { type Busy, holding } from '../schedule/busy.ts'
import { cut } from '../text/visible.ts'
import { isNewer } from '../version/is-newer.ts'
import { type Dated, type Due, instant, isEmergency, waiting } from './act.ts'

/** The ticket of a release, as people left it. */
export type TicketLook = { state: 'open' | 'closed'; labels: readonly string[] }

export type Around = {
  service: Service
  /** null: the repository has no issues. A sentence: why it could not be read, or found. */
  ticket: TicketLook | null | string
  /** Label of a ticket that holds its release. */
  hold: string
  /** The version whose plan took the place of this one; null: it stands. */
  successor: string | null
  /** What keeps releases out now. A sentence: why that could not be read. */
  busy: readonly Busy[] | string
}

/**
 * Why an act that is due is not started: people hold the release, it was overtaken, or something keeps every release out now;
 * null: nothing does. What cannot be read counts as a reason where production is at stake.
 */
export const heldBack = (due: Due, dated: Dated, around: Around, now: string): string | null => {
  const { act } = due
  const { plan, state } = dated
  const { ticket, service, successor } = around
  const label = cut(around.hold, 50)
  if (typeof ticket === 'string') {
    if (act === 'release') return `nobody knows whether people hold it: ${ticket}`
  } else if (ticket?.labels.some((each) => each.toLowerCase() === around.hold.toLowerCase()))
    return `held by people: its ticket has the label ${label}`
  if (act === 'review') return null
  // Its ticket is closed as well.
  if (state === 'rejected') return 'it was rejected: plan it again, or lift the rejection'
  if (typeof ticket !== 'string' && ticket?.state === 'closed')
    return 'held by people: they closed its ticket'
  const blocked = service.blocked.find(({ version }) => version === plan.version)
  if (blocked) return `${plan.version} is blocked: ${cut(blocked.reason, 200)}`
  if (service.live && !isNewer(plan.version, service.live.version))
    return `${plan.version} is not newer than ${service.live.version}, which is live`
  if (successor !== null)
    return `the plan of ${successor} took its place: release it by hand if it is still wanted`
  return act === 'release' ? production(dated, around, now) : null
}

const production = ({ plan }: Dated, { service, busy }: Around, now: string): string | null => {
  const { lease } = service
  if (lease && !isExpired(lease, Date.parse(now)))
    return `${cut(plan.service, 100)} is being changed by the release ${cut(lease.release, 100)}`
  const held = plan.freeze?.held ?? 0
  if (held > 0)
    return `${held} ${held === 1 ? 'change' : 'changes'} entered after feature freeze that nothing lets in: plan it again without them, or have them excepted`
  if (typeof busy === 'string') return `nobody knows what keeps releases out now: ${busy}`
  const end = plan.schedule?.window?.end ?? now
  const [first] = holding(busy, { start: now, end }, plan.type)
  return first
    ? `${first.kind} "${first.title}" (${first.source}) until ${instant(first.end)}: plan it again for another window`
    : null
}

/**
 * Of the releases of one service that wait, which plan took the place of which: the one that was planned last, but for
 * emergencies, pre-releases beside final ones, and versions that have a branch of their own.
 */
export const successorsOf = (all: readonly Dated[]): Map<string, string> => {
  const plain = all.filter((one) => waiting.includes(one.state) && !isEmergency(one.plan))
  const plannedAt = ({ events, digest }: Dated): string =>
    events.findLast((event) => event.kind === 'planned' && event.digest === digest)?.at ?? ''
  const channel = ({ plan }: Dated): boolean => semver.prerelease(plan.version) !== null
  const successors = new Map<string, string>()
  for (const one of plain) {
    if (one.events.some(({ kind }) => kind === 'branched')) continue
    const later = plain
      .filter((other) => channel(other) === channel(one) && plannedAt(other) > plannedAt(one))
      .sort((a, b) => (plannedAt(a) < plannedAt(b) ? 1 : -1))[0]
    if (later) successors.set(one.plan.version, later.plan.version)
  }
  return successors
}
