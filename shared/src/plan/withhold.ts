import type { Plan } from './plan.ts'

const withheld = 'what it ships is withheld until disclosure'

/**
 * The plan as pages may show it that people outside the team can read: while it is under embargo in such a repository, without what it ships,
 * why it is risky, and what its timeline would give away; else the plan itself. Only for showing: what counts is the plan.
 */
export const shownPlan = (plan: Plan): Plan => {
  if (!plan.embargo?.public) return plan
  const count = plan.changes.filter(({ reverted }) => !reverted).length
  const { schedule, risk, rollback, features: _, urgency: __, freeze, ...rest } = plan
  return {
    ...rest,
    ...(freeze ? { freeze: { ...freeze, late: [] } } : {}),
    // Its end is a moment of the timeline.
    embargo: { until: null, public: true },
    type: 'hotfix',
    why: [],
    changes: [],
    unlisted: { changes: plan.unlisted.changes + count, people: [] },
    migrations: [],
    gaps: [`${withheld}: whoever decides reads the plan itself, by its digest in the record`],
    risk: { ...risk, reasons: [] },
    rollback: { ...rollback, database: withheld },
    migrationRisk: null,
    split: null,
    score: null,
    lessons: [],
    proposed: [],
    asked: [],
    moved: plan.moved && {
      ...plan.moved,
      affected: plan.moved.affected.map(({ who }) => ({ who, why: '' })),
    },
    policy: { ...plan.policy, purpose: { ...plan.policy.purpose, theme: undefined, objectives: [] } },
    schedule: schedule && {
      ...schedule,
      type: 'hotfix',
      governance: 'withheld',
      tests: 'withheld',
      why: schedule.why.replace(/(, score [\d.]+: ).*$/s, '$1withheld'),
      refused: [],
      score: null,
      ranking: undefined,
      milestones: [],
      tasks: [],
      critical: [],
      shipBy: null,
      train: null,
    },
  }
}
