import { askLessons } from '@relman/core/caution/asked'
import { lessons } from '@relman/core/caution/lessons'
import { proposeCriteria } from '@relman/core/caution/propose-criteria'
import type { Planning } from '@relman/core/ports/planning'
import type { Outcome } from '@relman/core/runtime/outcome'
import type { RunContext } from '@relman/core/runtime/run-context'
import { paceOf } from './beyond-fixes.ts'
import { higherExists } from './choose-version.ts'
import { departingTrain } from './departing-train.ts'
import { type Found, findRelease } from './find-release.ts'
import { mayFreeze } from './hold-freeze.ts'
import type { Inputs } from './inputs.ts'
import { learn } from './learn.ts'
import { leftOut } from './left-out.ts'
import { missingHotfixes } from './missing-hotfixes.ts'
import { noWindow, refusal } from './no-plan.ts'
import { offBranch } from './off-branch.ts'
import { closedVersions, othersEmbargo } from './others-embargo.ts'
import { planEmbargo } from './plan-embargo.ts'
import { planTime } from './plan-time.ts'
import { readArtifacts } from './read-artifacts.ts'
import { readFeatures } from './read-features.ts'
import { policyFiles, readPolicy } from './read-policy.ts'
import { readWindows } from './read-windows.ts'
import { rememberFailure } from './remember-plan.ts'
import { settlePlan } from './settle-plan.ts'
import { shipElsewhere } from './ship-elsewhere.ts'
import { suggestElsewhere } from './suggest-elsewhere.ts'
import { suggestFrom } from './suggest-from.ts'
import { suggestPolicy } from './suggest-policy.ts'
import { raiseWeighed, takenBack } from './taken-back.ts'
import { strayFix, weighFix } from './weigh-fix.ts'
import { weighRelease } from './weigh-release.ts'

const noToken =
  'there is no github-token: pull requests, labels and what is rolled back or live were not read, and the plan is not in the record'

/** Plans the release of a commit: range, changes, version, risk, exposure, way back, sign-offs; one plan, one digest. */
export const planRelease = async (asked: Inputs, context: RunContext, ports: Planning): Promise<Outcome> => {
  const { git, github, store } = ports
  if (await git.shallow())
    return refusal(
      'shallow-clone',
      'this clone is shallow, so the last release cannot be found: check out with fetch-depth: 0 (or run git fetch --unshallow --tags)',
    )
  const head = await git.resolve(asked.ref || context.sha || 'HEAD')
  const {
    policy: whole,
    source,
    gaps,
  } = await readPolicy({
    path: asked.config,
    ref: asked['policy-ref'],
    git,
    github,
    sha256: ports.sha256,
  })
  const fix = await weighFix({ input: asked, policy: whole, context, ports })
  if (fix && 'decision' in fix) return fix
  const input = fix ? { ...asked, type: fix.type } : asked
  const find = (at: string) => findRelease({ input, context, ports, policy: whole, sha: at })
  const all = await find(head)
  if ('decision' in all) return all
  const file = policyFiles({ ref: input['policy-ref'], git, github })
  const kindOf = ({ chosen }: Found) =>
    input.type === '' ? (chosen.bump === 'none' ? 'patch' : chosen.bump) : input.type
  const now = new Date(ports.clock.now()).toISOString()
  const train = input.departure
    ? await departingTrain({ found: all, sha: head, now, ports, file, kindOf, find })
    : null
  if (train && 'decision' in train) return train
  const { found, sha } = train ?? { found: all, sha: head }
  const off = await offBranch(found, sha, found.policy, ports)
  if (off) return off
  const stray = fix ? await strayFix(found, sha, ports) : null
  if (stray) return stray
  const elsewhere = shipElsewhere(found.policy, input.type, found.range.commits)
  if (elsewhere) return elsewhere
  const { service, range, scope, chosen } = found
  const kind = kindOf(found)
  const repository = `${context.repository.owner || 'local'}/${context.repository.name || service}`
  try {
    const previous = range.previous?.version ?? null
    const past = await learn({ store, service, version: chosen.version, previous })
    const careful = lessons(past.ended, found.policy.rollout)
    const { back, gaps: unknownFiles } = await takenBack(git, store, past.ended)
    const proposed = proposeCriteria(past.ended, found.policy.metrics)
    const emergency = kind === 'hotfix' || kind === 'security'
    const schedule = train?.schedule ?? found.policy.schedule
    const policy = { ...found.policy, rollout: careful.rollout, schedule }
    const first = await weighRelease({
      ports,
      scope,
      sha,
      previous: range.previous,
      version: chosen.version,
      risk: policy.risk,
      reversed: policy.rollback.reversed,
      hidden: range.hidden,
    })
    const { weighed, lessons: riskier } = raiseWeighed(first, scope.items, back, range.hidden)
    const plannedAt = new Date(ports.clock.now()).toISOString()
    const windows = await readWindows({ store, service, version: chosen.version, policy: policy.schedule })
    const timed = paceOf({ type: kind, changes: weighed.changes, hidden: range.hidden })
    const when = await planTime({
      ports,
      policy,
      type: kind,
      pace: timed.pace,
      level: weighed.level,
      now: plannedAt,
      previous,
      names: { service, version: chosen.version, repository },
      file,
      departing: train,
      by: input['ship-by'],
      preferred: input['preferred-dates'].split(/[\s,]+/).filter((date) => date !== ''),
      notBefore: input['not-before'],
      before: windows.before,
      recorded: windows.recorded,
      changes: weighed.changes.filter(({ reverted }) => !reverted),
    })
    if (when.scheduled.data.window === null) return noWindow(when.scheduled, chosen.version)
    const wanted = await readFeatures({
      ...{ input, github, policy, service },
      version: chosen.version,
      tag: chosen.tag,
      changes: weighed.changes,
    })
    const unready = mayFreeze(input, wanted.features)
    if (unready !== null) return refusal('features-incomplete', unready, chosen.version)
    const artifacts = await readArtifacts({
      ports,
      policy,
      service,
      named: { version: chosen.version, tag: chosen.tag, sha },
      previous: range.previous,
      given: input['artifact-digest'],
      file,
    })
    const closed = await othersEmbargo({
      ports,
      others: windows.others,
      ...{ changes: weighed.changes, sha, previous: range.previous },
      own: await planEmbargo({
        type: kind,
        disclosure: input.disclosure,
        schedule: when.scheduled.data,
        github,
      }),
    })
    const behind = await leftOut(range.left, github)
    const facts = {
      ...(wanted.features ? { features: wanted.features } : {}),
      learnt: past.learnt,
      lessons: [...careful.lessons, ...riskier],
      proposed,
      asked: askLessons(proposed, policy, emergency),
      hidden: range.hidden,
      left: behind.left,
      service,
      repository,
      version: chosen.version,
      tag: chosen.tag,
      sha,
      previous: range.previous,
      bump: chosen.bump,
      type: kind,
      plannedAt,
      author: context.actor,
      why: chosen.why,
      changes: weighed.changes,
      gaps: [
        ...(github ? [] : [noToken]),
        ...gaps,
        ...range.gaps,
        ...found.gaps,
        ...past.gaps,
        ...unknownFiles,
        ...(await missingHotfixes(git, past.ended, sha, closedVersions(windows.others), range.last.prefixes)),
        ...weighed.gaps,
        ...timed.why,
        ...behind.gaps,
        ...closed.gaps,
        ...windows.gaps,
        ...when.gaps,
        ...wanted.gaps,
      ],
      policy,
      policySource: source,
      migrations: scope.migrations,
      maintenance: await higherExists(git, chosen.tag, sha),
      artifacts,
      schedule: when.scheduled.data,
      embargo: closed.embargo,
      bake: when.bake,
      split: weighed.split,
      migrationRisk: weighed.migrationRisk,
      score: weighed.score,
      ...(fix ? { urgency: fix.urgency } : {}),
    }
    const suggested = await suggestPolicy(
      git,
      sha,
      range.last.final,
      policy.version,
      input.component === '' ? null : { components: policy.components, name: service },
    )
    const tool = await suggestFrom({
      ...{ git, sha, policy: policy.version, input, commits: range.commits },
      tags: Object.keys(policy.components).length === 0 ? range.last : null,
    })
    const move = { before: windows.before, why: when.scheduled.why, words: input.reason }
    const notes = [...chosen.notes, ...suggested, ...tool]
    const outcome = await settlePlan({ facts, notes, scheduled: when.scheduled, move, input, context, ports })
    // It would name paths of what ships.
    if (closed.embargo?.public) return outcome
    return suggestElsewhere(outcome, { policy, input, commits: range.commits })
  } catch (error) {
    if (store && !ports.dryRun)
      await rememberFailure(store, { service, version: chosen.version, context, error })
    throw error
  }
}
