import { deploymentPlan } from '@relman/core/plan/deployment-plan'
import { digestPlan } from '@relman/core/plan/digest-plan'
import { drawPlan, type PlanFacts } from '@relman/core/plan/draw-plan'
import type { Plan } from '@relman/core/plan/plan'
import { planSummary } from '@relman/core/plan/plan-summary'
import { shownPlan } from '@relman/core/plan/withhold'
import type { Planning } from '@relman/core/ports/planning'
import { showMove } from '@relman/core/revision/show-move'
import { showRevision } from '@relman/core/revision/show-revision'
import type { Outcome } from '@relman/core/runtime/outcome'
import type { RunContext } from '@relman/core/runtime/run-context'
import { findPlace } from './find-place.ts'
import { holdFreeze } from './hold-freeze.ts'
import type { Inputs } from './inputs.ts'
import { type Move, moveOf } from './move-of.ts'
import { openTicket } from './open-ticket.ts'
import type { Scheduled } from './plan-schedule.ts'
import { RevisionTaken, rememberPlan, revisionAfter } from './remember-plan.ts'
import { sinceRevision } from './since-revision.ts'
import { writeDocuments } from './write-documents.ts'

/** Everything that was found out for a plan, but which revision it becomes. */
type Known = {
  facts: Omit<PlanFacts, 'revision'>
  notes: readonly string[]
  scheduled: Scheduled
  move: Move
  input: Inputs
  context: RunContext
  ports: Planning
}

/** Draws and remembers; where another run planned the same version in between, again with the next revision. */
export const settlePlan = async (known: Known, attempts = 5): Promise<Outcome> => {
  const { facts, notes, scheduled, move, input, context, ports } = known
  const { store } = ports
  const before = store ? await store.events(facts.service, facts.version) : []
  const revision = revisionAfter(before)
  const held = await holdFreeze({ input, actor: context.actor, ports, facts, events: before })
  const drawn = drawPlan({ ...facts, ...held, revision })
  const plan = { ...drawn, moved: await moveOf(drawn, move, before) }
  const { text, digest } = digestPlan(plan, ports.sha256)
  const path = await ports.write('plan.json', text)
  await ports.write('deployment-plan.md', deploymentPlan(plan, digest))
  const schedule = await ports.write('release.ics', scheduled.calendar(revision, plan.state))
  const documents = await writeDocuments(plan, digest, ports.write)
  const since = await sinceRevision(store, before, plan, digest)
  try {
    if (store && !ports.dryRun) await rememberPlan(store, { plan, text, digest, context, since })
  } catch (error) {
    if (!(error instanceof RevisionTaken) || attempts <= 1) throw error
    return settlePlan(known, attempts - 1)
  }
  const shown = shownPlan(plan)
  const ticket = await openTicket({ plan, digest, context, ports })
  const moved = shown.moved ? showMove(shown.moved) : ''
  const open = shown === plan
  const place = await findPlace(ports.git, plan)
  const more = open ? [place, moved, since ? showRevision(since) : '', documents, ticket] : [moved, ticket]
  const beside = open ? { notes, scheduled } : { notes: [], scheduled: {} }
  return planned({ plan: shown, ...beside, digest, path, schedule, ports, more })
}

const counted = (count: number): string => `${count} ${count === 1 ? 'change' : 'changes'}`

type Drawn = {
  plan: Plan
  notes: readonly string[]
  scheduled: Partial<Scheduled>
  digest: string
  path: string
  /** Path of release.ics. */
  schedule: string
  ports: Planning
  /** What else the summary shows, as Markdown. */
  more: readonly string[]
}

const planned = ({ plan, notes, scheduled, digest, path, schedule, ports, more }: Drawn): Outcome => {
  const { service, version, tag, environment, sha, risk, revision } = plan
  const previous = plan.previous?.version ?? ''
  const signoffs = JSON.stringify(plan.signoffs)
  return {
    decision: 'planned',
    reasonCode: 'planned',
    message: `${service} ${version}${previous ? ` in place of ${previous}` : ', the first release'}: ${counted(plan.changes.length + plan.unlisted.changes)}, ${risk.level} risk, plan ${digest.slice(0, 12)}`,
    failed: false,
    outputs: {
      version,
      previous,
      tag,
      digest,
      service,
      environment,
      sha,
      risk: risk.level,
      signoffs,
      state: plan.state,
      mode: plan.policy.mode,
      'artifact-digest': plan.artifact?.digest ?? '',
      components: '[]',
      plan: path,
      schedule,
    },
    data: {
      service,
      version,
      tag,
      digest,
      environment,
      sha,
      revision,
      state: plan.state,
      previous: plan.previous,
      bump: plan.bump,
      risk: risk.level,
      signoffs: plan.signoffs,
      changes: plan.changes.length + plan.unlisted.changes,
      gaps: plan.gaps,
      recorded: ports.store !== null && !ports.dryRun,
      unreadable: plan.changes.filter((change) => !change.readable).length,
    },
    summary: [planSummary(plan, digest, notes, scheduled), ...more]
      .filter((part) => part !== '')
      .join('\n\n'),
  }
}
