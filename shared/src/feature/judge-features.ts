import type { FeaturesPolicy } from '../config/features-policy.ts'
import type { Change } from '../scope/change.ts'
import { cut } from '../text/visible.ts'
import { readCriteria } from './acceptance-criteria.ts'
import type { Milestone, MilestoneIssue } from './milestone.ts'
import type { PlannedBug, PlannedFeature, PlannedFeatures } from './planned-features.ts'

/** More than anybody reads; the counts are of all. */
const mostListed = 100
const mostOpen = 5

type Asked = {
  milestone: Milestone
  /** The changes of the release. */
  changes: readonly Change[]
  policy: FeaturesPolicy
  version: string
  /** The title of the release's own ticket, which is no feature. */
  ticket: string
}

/**
 * Each issue of the milestone (row P22): ready where it is closed or merged, its acceptance criteria are met and its change is in
 * the range; deferred where a label, the policy or its closing says so; else incomplete. Open bugs by priority, with what they
 * lack. A label defers nothing that ships all the same, unless a flag hides it.
 */
export const judgeFeatures = ({ milestone, changes, policy, version, ticket }: Asked): PlannedFeatures => {
  const issues = milestone.issues.filter(
    ({ title, labels }) => title !== ticket || !labels.some((label) => same(label, 'release')),
  )
  const isBug = ({ labels }: MilestoneIssue) =>
    labels.some((label) => policy.bugs.some((bug) => same(bug, label)))
  const judged = issues.map((issue) => ({ issue, feature: judge(issue, changes, policy, version) }))
  const features = judged
    .filter(({ issue, feature }) => !isBug(issue) || feature.verdict === 'deferred')
    .map(({ feature }) => feature)
    .sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict) || a.number - b.number)
  const bugs = judged
    .filter(({ issue, feature }) => isBug(issue) && issue.state === 'open' && feature.verdict !== 'deferred')
    .map(({ issue }) => bugOf(issue, policy))
    .sort((a, b) => a.rank - b.rank || a.bug.number - b.bug.number)
    .map(({ bug }) => bug)
  const count = (verdict: PlannedFeature['verdict']) =>
    features.filter((feature) => feature.verdict === verdict).length
  return {
    milestone: { title: cut(milestone.title, 120), url: milestone.url },
    features: features.slice(0, mostListed),
    bugs: bugs.slice(0, mostListed),
    counts: {
      ready: count('ready'),
      incomplete: count('incomplete'),
      deferred: count('deferred'),
      bugs: bugs.length,
      untriaged: bugs.filter(({ missing }) => missing.length > 0).length,
      unread: milestone.unread,
    },
    defer: policy.defer,
  }
}

const order: readonly PlannedFeature['verdict'][] = ['incomplete', 'deferred', 'ready']

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

const about = ({ number, title, owners }: MilestoneIssue) => ({
  number,
  title: cut(title, 120),
  owners: owners.slice(0, 5).map((owner) => cut(owner, 50)),
})

const judge = (
  issue: MilestoneIssue,
  changes: readonly Change[],
  policy: FeaturesPolicy,
  version: string,
): PlannedFeature => {
  const linked = new Set(issue.pulls.map(({ number }) => number))
  const own = changes.filter(
    ({ pull, issues, reverted }) =>
      !reverted && ((pull !== null && linked.has(pull)) || issues.includes(issue.number)),
  )
  const merged = issue.pulls.some(({ state }) => state === 'merged')
  const inRange = own.length > 0 ? true : merged || linked.size > 0 ? false : null
  const written = readCriteria(issue.body, policy.heading)
  // What is no box cannot be ticked: closing the issue says that it holds.
  const unmet = written.filter(({ met }) => met === false || (met === null && issue.state === 'open'))
  const known = {
    ...about(issue),
    state: issue.dropped ? ('dropped' as const) : issue.state,
    criteria: {
      met: written.length - unmet.length,
      unmet: unmet.length,
      open: unmet.slice(0, mostOpen).map(({ text }) => cut(text, 120)),
    },
    inRange,
  }
  const left = deferral(issue, policy, version)
  const ships = own.filter(({ details }) => details.flag === undefined)
  if (left && (left.decided || ships.length === 0)) return { ...known, verdict: 'deferred', why: left.why }
  const faults = [
    ...(left
      ? [
          `${left.why}, but ${counted(ships.length, 'change')} of it ${ships.length === 1 ? 'is' : 'are'} in this release`,
        ]
      : []),
    ...incomplete(issue, known, policy),
  ]
  return {
    ...known,
    verdict: faults.length > 0 ? 'incomplete' : 'ready',
    why: faults.join('; ') || (inRange === null ? 'no pull request is linked: not seen in the range' : ''),
  }
}

type Known = Pick<PlannedFeature, 'criteria' | 'inRange'>

const incomplete = (
  issue: MilestoneIssue,
  { criteria, inRange }: Known,
  policy: FeaturesPolicy,
): string[] => {
  const faults: string[] = []
  const waiting = issue.pulls.filter(({ state }) => state === 'open').length
  if (issue.state === 'open' && inRange !== true) faults.push('open, and no change of it is in this release')
  if (issue.state === 'closed' && inRange === false)
    faults.push('closed, but its pull request is not in this release')
  if (inRange === true && issue.state === 'open' && waiting > 0)
    faults.push(`${counted(waiting, 'pull request')} of it ${waiting === 1 ? 'is' : 'are'} still open`)
  if (criteria.unmet > 0)
    faults.push(`${criteria.unmet} of ${criteria.met + criteria.unmet} acceptance criteria are not met`)
  if (criteria.met + criteria.unmet === 0 && policy.criteria === 'required')
    faults.push('it has no acceptance criteria')
  return faults
}

/** `decided`: by the policy or by its closing, which count also where a change of it ships. */
const deferral = (
  issue: MilestoneIssue,
  policy: FeaturesPolicy,
  version: string,
): { why: string; decided: boolean } | null => {
  const entry = policy.deferred.find(
    (each) => each.issue === issue.number && bare(each.version) === bare(version),
  )
  if (entry) return { why: cut(`${entry.reason} (${entry.by})`, 300), decided: true }
  if (issue.dropped) return { why: 'closed as not planned, or as a duplicate', decided: true }
  return issue.labels.some((label) => same(label, policy.defer))
    ? { why: `labelled ${policy.defer}`, decided: false }
    : null
}

const bare = (version: string): string => version.replace(/^v/, '').replace(/\+.*$/, '')

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

const bugOf = (issue: MilestoneIssue, policy: FeaturesPolicy): { bug: PlannedBug; rank: number } => {
  const words = issue.labels.map((label) =>
    label.toLowerCase().replace(/^(?:priority|prio|severity)[\s:/-]+/, ''),
  )
  const levels = policy.priorities.map((level) => (typeof level === 'string' ? [level] : level))
  const rank = levels.findIndex((level) =>
    level.some(
      (name) => words.includes(name.toLowerCase()) || issue.labels.some((label) => same(label, name)),
    ),
  )
  const missing: PlannedBug['missing'] = []
  if (issue.owners.length === 0) missing.push('owner')
  if (rank < 0) missing.push('priority')
  return {
    // What nobody has judged comes first: it may be the worst.
    rank,
    bug: { ...about(issue), priority: rank < 0 ? null : (levels[rank]?.[0] ?? null), missing },
  }
}
