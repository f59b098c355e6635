import { type Moment, moments } from '../config/people-policy.ts'
import type { Plan } from '../plan/plan.ts'
import type { Message, Preparation } from './message.ts'

export type CommunicationPlan = { messages: Message[]; preparation: Preparation[]; embargo: boolean }

type Audience = { who: string; channel: string; hears: readonly Moment[] }

/**
 * Row P18: who hears what, when, on which channel, and what must be ready before. The team, those on call and users are
 * told in any case; stakeholders of the configuration hear what they asked for. A security release, and every other one under
 * embargo, is told outside the team at its disclosure only.
 */
export const communicationPlan = (plan: Plan): CommunicationPlan => {
  const embargo = plan.type === 'security' || plan.embargo !== null
  const audiences = [...own(plan, embargo), ...others(plan, embargo)]
  const messages = audiences
    .flatMap(({ who, channel, hears }) =>
      hears.map((moment) => ({
        moment,
        at: momentAt(plan, moment),
        who,
        channel,
        what: what(plan, moment),
      })),
    )
    .filter(({ moment, at }) => at !== null || !dated.includes(moment))
  return { messages: messages.sort(inTime), preparation: preparation(plan), embargo }
}

/** Moments that stand in the timeline; a release without them says nothing there. */
const dated: readonly Moment[] = ['feature-freeze', 'code-freeze', 'disclosure']

const inTime = (a: Message, b: Message): number =>
  moments.indexOf(a.moment) - moments.indexOf(b.moment) || byLetters(a.who, b.who)

/** The same on machines of any language, where `localeCompare` is not (and loads the rules of all of them). */
const byLetters = (a: string, b: string): number => {
  const [own, other] = [a.toLowerCase(), b.toLowerCase()]
  return own < other ? -1 : own > other ? 1 : 0
}

const own = (plan: Plan, embargo: boolean): Audience[] => [
  {
    who: 'the team',
    channel: 'the release ticket',
    hears: ['planned', 'feature-freeze', 'code-freeze', 'start', 'rollback', 'completed'],
  },
  {
    who: 'those on call',
    channel: 'deployment statuses and the release ticket',
    hears: ['start', 'rollback'],
  },
  ...plan.signoffs.map(({ role, environment }) => ({
    who: plan.policy.schedule.owners[role] ?? role,
    channel: `the review of environment ${environment}`,
    hears: ['planned'] as const,
  })),
  { who: 'users', channel: 'the GitHub Release', hears: [embargo ? 'disclosure' : 'completed'] },
]

const others = ({ policy }: Plan, embargo: boolean): Audience[] =>
  policy.communication.stakeholders.map(({ who, channel, hears }) => ({
    who,
    channel,
    hears: embargo ? hears.filter((moment) => moment === 'disclosure') : hears,
  }))

const momentAt = ({ schedule, plannedAt, freeze, embargo }: Plan, moment: Moment): string | null => {
  if (moment === 'disclosure' && embargo?.until) return embargo.until
  // A freeze that the policy or a person set wins over that of the timeline.
  if (moment === 'feature-freeze' && freeze) return freeze.feature
  if (moment === 'code-freeze' && freeze?.code) return freeze.code
  if (moment === 'planned') return plannedAt
  if (moment === 'start') return schedule?.window?.start ?? null
  if (moment === 'rollback' || moment === 'completed') return null
  return schedule?.milestones.find(({ id }) => id === moment)?.at ?? null
}

const what = (plan: Plan, moment: Moment): string => {
  const name = `${plan.service} ${plan.version}`
  const stable = plan.rollback.previous ?? 'what ran before'
  const texts: Record<Moment, string> = {
    planned: `${name} is planned: ${plan.changes.length + plan.unlisted.changes} changes, ${plan.risk.level} risk${plan.policy.purpose.theme ? `, theme: ${plan.policy.purpose.theme}` : ''}`,
    'feature-freeze': `only fixes enter ${name} from now on`,
    'code-freeze': `only approved exceptions enter ${name} from now on`,
    start: `${name} begins: ${plan.risk.blast}`,
    rollback: `${name} was taken back, ${stable} runs again; what users saw, and why`,
    completed: `${name} is live for everybody: what is new, known issues, until when it can be undone`,
    disclosure: `the embargo of ${name} ends: advisory and notes`,
  }
  return texts[moment]
}

const preparation = ({ schedule }: Plan): Preparation[] =>
  (schedule?.tasks ?? [])
    .filter(({ id }) => id !== 'rollout' && id !== 'review')
    .map(({ id, name, owner, due, late, optional }) => ({ id, name, owner, due, late, optional }))
