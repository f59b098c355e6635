import { releaseBranch } from '../freeze/release-branch.ts'
import type { RecordEvent } from '../record/event.ts'
import { code, inline } from '../text/escape-markdown.ts'
import type { Plan } from './plan.ts'

type Planned = Pick<Plan, 'service' | 'version' | 'type' | 'policy' | 'schedule' | 'state' | 'freeze'>

/**
 * The branch of a release and when it is due (ISO 8601; null: as soon as it is planned); null where none is cut. `stated` is the
 * feature freeze that the policy of today states for the version; one that holds a frozen plan stays.
 */
export const branchOf = (
  { service, version, type, policy, schedule, state, freeze }: Planned,
  stated: string | null = null,
) => {
  const { release, types, at } = policy.branches
  if (release === undefined || !types.some((each) => each === type)) return null
  const name = releaseBranch(release, { service, version })
  if (at === 'plan') return { name, due: null }
  const of = (id: string) => schedule?.milestones.find((milestone) => milestone.id === id)?.at
  const held = state === 'frozen' && freeze ? freeze.feature : (stated ?? freeze?.feature)
  const due = held ?? of('feature-freeze') ?? of('code-freeze')
  return due === undefined ? null : { name, due }
}

/** The event of the cut; its branch and commit as text. */
export const cutOf = (events: readonly RecordEvent[]): { branch: string; sha: string; at: string } | null => {
  const event = events.findLast(({ kind }) => kind === 'branched')
  const { branch, sha } = event?.data ?? {}
  return event && typeof branch === 'string' && typeof sha === 'string' ? { branch, sha, at: event.at } : null
}

/** In one line of Markdown: when the branch is cut, or was; empty where there is none. */
export const showBranch = (
  plan: Planned & Pick<Plan, 'plannedAt'>,
  events: readonly RecordEvent[] = [],
): string => {
  const cut = cutOf(events)
  if (cut)
    return `${code(cut.branch, 200)}, cut ${inline(minute(cut.at))} UTC at ${code(cut.sha.slice(0, 12))}`
  const wanted = branchOf(plan)
  if (wanted === null) return ''
  if (wanted.due !== null && Date.parse(wanted.due) <= Date.parse(plan.plannedAt))
    return `${code(wanted.name, 200)} is due since its freeze, ${inline(minute(wanted.due))} UTC: the next run of ${code('operation: cut')} cuts it; it takes only fixes from then on`
  const when = wanted.due === null ? 'as soon as it is planned' : `at its freeze, ${minute(wanted.due)} UTC`
  return `${code(wanted.name, 200)} will be cut ${inline(when)}; it takes only fixes from then on`
}

const minute = (at: string): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ')
