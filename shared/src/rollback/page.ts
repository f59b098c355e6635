import { markdownTable } from 'markdown-table'
import type { Plan } from '../plan/plan.ts'
import { shownPlan } from '../plan/withhold.ts'
import type { Figures } from '../rollout/figures.ts'
import type { StatusEntry } from '../rollout/status-line.ts'
import { code, inline } from '../text/escape-markdown.ts'
import { percent } from '../verdict/words.ts'
import type { Recovery } from './recovery.ts'

/** What is known once traffic is back, or could not be brought back. Times are Unix seconds. */
export type RollbackFacts = {
  plan: Plan
  back: boolean
  /** What the driver showed last; null when it did not answer. */
  weight: number | null
  fault: string | null
  steps: readonly { step: string; result: string; seconds: number | null }[]
  reason: string
  entries: readonly StatusEntry[]
  recovery: Recovery | null
  recoverySeconds: number | null
  at: number
  impact: Figures | null
  evidence: string
  chart: string
}

const clock = (at: number): string => `${new Date(at * 1000).toISOString().slice(11, 19)} UTC`

/** The page at 3 a.m.: is it back, what to do now, what it cost, why, what was undone and what was not; in this order. */
export const rollbackPage = (facts: RollbackFacts): string => {
  const { plan, back, recovery } = facts
  const stable = inline(plan.previous?.version ?? 'the version before')
  const proof = recovery?.state === 'recovered' ? 'verified' : 'read back'
  const title = back
    ? `# ${inline(plan.service)} is back on ${stable}: 100 % stable, ${proof} ${clock(facts.at)}`
    : `# NOT BACK: ${facts.weight ?? 'an unknown share'} % of ${inline(plan.service)} still on ${inline(plan.version)}`
  return [
    title,
    `**Do now: ${todo(facts)}**`,
    impact(facts),
    `## Why: ${inline(facts.reason)}`,
    ...(facts.evidence ? [inline(facts.evidence, 600)] : []),
    compared(facts.impact),
    ...(facts.chart ? [facts.chart] : []),
    '## Undone',
    markdownTable([
      ['step', 'result', 'time'],
      ...facts.steps.map(({ step, result, seconds }) => [
        inline(step),
        inline(result),
        seconds === null ? '' : `${seconds.toFixed(1)} s`,
      ]),
    ]),
    `## Not undone\n\nDatabase: ${inline(shownPlan(plan).rollback.database)}. State: ${inline(plan.rollback.state)}.`,
    suspects(plan),
    timeline(facts.entries),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

const todo = ({ plan, back, recovery }: RollbackFacts): string => {
  if (!back) return `run ${byHand(plan)}; if it fails, escalate to ${inline(plan.rollback.executor)}.`
  if (recovery?.state === 'not-recovered') {
    return `look at the stable version: traffic is back, but ${inline(recovery.words)}.`
  }
  const unverified = 'nothing is left to undo, but look at your dashboards: recovery could not be verified'
  if (recovery?.state !== 'recovered')
    return recovery ? `${unverified} (${inline(recovery.words)}).` : `${unverified}.`
  return 'nothing.'
}

/** What a person can run where the driver can be reached. */
export const byHand = ({ policy, version, previous }: Plan): string => {
  const { traffic } = policy
  if (!traffic) return 'your own traffic tool and send everything to the stable version'
  if (traffic.driver === 'http') {
    return code(`curl -X PUT -H 'content-type: application/json' -d '{"weight":0}' ${shell(traffic.url)}`)
  }
  const env = `RELMAN_WEIGHT=0 RELMAN_VERSION=${shell(version)} RELMAN_PREVIOUS=${shell(previous?.version ?? '')}`
  return code(`${env} ${traffic.set.map(shell).join(' ')}`)
}

const shell = (word: string): string =>
  /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`

const impact = ({ entries, impact, at, recoverySeconds }: RollbackFacts): string => {
  const first = entries.find(({ word }) => word === 'moved')
  if (!first) return '## Impact: none; nobody was exposed'
  const end = entries.findLast(({ word }) => word === 'returned')?.at ?? at
  const most = Math.max(...entries.map(({ weight }) => weight))
  const failed = impact
    ? `${impact.canary.events} bad of ${impact.canary.total} requests on the new version`
    : 'requests not counted'
  const back = recoverySeconds === null ? '' : ` · back ${recoverySeconds.toFixed(1)} s after it was noticed`
  return `## Impact: ${clock(first.at)} to ${clock(end)} · ${failed} · at most ${most} % exposed${back}`
}

/** Both versions beside each other: whether it is the release or everything. */
const compared = (impact: Figures | null): string => {
  if (!impact || impact.canary.events === 0 || impact.stable.total === 0) return ''
  const share = ({ events, total }: Figures['canary']) => percent(events / total)
  return `Bad requests: ${share(impact.canary)} on the new version, ${share(impact.stable)} on the stable version.`
}

const suspects = (plan: Plan): string => {
  const { changes } = shownPlan(plan)
  const rank = { high: 0, medium: 1, low: 2 }
  const likely = [...changes].sort((a, b) => rank[a.level] - rank[b.level]).slice(0, 5)
  if (likely.length === 0) return ''
  const rows = likely.map((change) => {
    const name = change.pull === null ? change.sha.slice(0, 8) : `pull request ${change.pull}`
    return `- ${name}: ${inline(change.title, 120)} (${inline(change.author, 60)}; ${change.level} risk)`
  })
  return `## Suspects\n\n${rows.join('\n')}`
}

const timeline = (entries: readonly StatusEntry[]): string => {
  if (entries.length === 0) return ''
  const rows = entries
    .slice(-30)
    .map(
      ({ at, word, weight, reason }) =>
        `- ${clock(at)} ${word} at ${weight} %${reason ? ` (${reason})` : ''}`,
    )
  return `## Timeline\n\n${rows.join('\n')}`
}
