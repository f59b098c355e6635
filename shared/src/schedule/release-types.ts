import type { RiskLevel } from '../config/risk-levels.ts'

export const releaseTypes = ['major', 'minor', 'patch', 'hotfix', 'security'] as const
export type ReleaseType = (typeof releaseTypes)[number]
export type TypeRisk = RiskLevel | 'critical'

/** Lengths are in seconds, `before` is how long before the release day (negative: after it). */
export type MilestoneRule = { id: string; name: string; before: number; what: string }

export type TypeRule = {
  cadence: string
  /** The usual time between two of them; null: as needed. */
  every: number | null
  risk: TypeRisk
  /** How long before the release people are told. */
  notice: number
  tests: string
  audience: string
  communication: string
  /** Notes stay closed until disclosure. */
  embargo: boolean
  emergency: boolean
  /** Least and greatest length of a window. */
  window: { min: number; max: number }
  milestones: readonly MilestoneRule[]
}

const hour = 3600
const day = 24 * hour
const week = 7 * day

const releaseDay: MilestoneRule = { id: 'release', name: 'Release', before: 0, what: 'rollout in the window' }
const review = (after: number): MilestoneRule => ({
  id: 'review',
  name: 'Review',
  before: -after,
  what: 'what was learnt; change request closed',
})
const planned = (before: number): MilestoneRule => ({
  id: 'plan',
  name: 'Plan',
  before,
  what: 'plan approved, stakeholders told',
})
const featureFreeze = (before: number): MilestoneRule => ({
  id: 'feature-freeze',
  name: 'Branch and feature freeze',
  before,
  what: 'release branch cut; only fixes enter',
})
const codeFreeze = (before: number): MilestoneRule => ({
  id: 'code-freeze',
  name: 'Code freeze and preparation',
  before,
  what: 'only approved exceptions enter; documents and notes made ready',
})

/** The five types of release (requirement P3) and their milestones (P9). */
export const typeRules: Readonly<Record<ReleaseType, TypeRule>> = {
  major: {
    cadence: 'quarterly',
    every: 13 * week,
    risk: 'high',
    notice: 4 * week,
    tests: 'all components',
    audience: 'everyone',
    communication: 'detailed',
    embargo: false,
    emergency: false,
    window: { min: 2 * hour, max: 8 * hour },
    milestones: [
      planned(28 * day),
      featureFreeze(14 * day),
      codeFreeze(7 * day),
      releaseDay,
      review(7 * day),
    ],
  },
  minor: {
    cadence: 'monthly',
    every: 4 * week,
    risk: 'medium',
    notice: 2 * week,
    tests: 'affected components',
    audience: 'users of what changes',
    communication: 'summary',
    embargo: false,
    emergency: false,
    window: { min: hour, max: 8 * hour },
    milestones: [planned(14 * day), featureFreeze(7 * day), codeFreeze(3 * day), releaseDay, review(3 * day)],
  },
  patch: {
    cadence: 'weekly',
    every: week,
    risk: 'low',
    notice: 3 * day,
    tests: 'the fixes and what they touch',
    audience: 'technical users',
    communication: 'technical',
    embargo: false,
    emergency: false,
    window: { min: hour, max: 8 * hour },
    milestones: [planned(3 * day), codeFreeze(day), releaseDay, review(day)],
  },
  hotfix: {
    cadence: 'as needed',
    every: null,
    risk: 'critical',
    notice: 0,
    tests: 'the least that shows the fix: its own test, staging smoke, canary',
    audience: 'those affected',
    communication: 'urgent',
    embargo: false,
    emergency: true,
    window: { min: hour, max: 8 * hour },
    milestones: [planned(4 * hour), codeFreeze(2 * hour), releaseDay, review(day)],
  },
  security: {
    cadence: 'immediate',
    every: null,
    risk: 'critical',
    notice: 0,
    tests: 'security-focused: the exploit no longer works; staging smoke, canary',
    audience: 'security team; everyone at disclosure',
    communication: 'embargoed until disclosure',
    embargo: true,
    emergency: true,
    window: { min: hour, max: 8 * hour },
    milestones: [
      planned(6 * hour),
      codeFreeze(2 * hour),
      releaseDay,
      { id: 'disclosure', name: 'Disclosure', before: -hour, what: 'embargo ends; notes are published' },
      review(2 * day),
    ],
  },
}

const order: readonly TypeRisk[] = ['low', 'medium', 'high', 'critical']
const typeOfRisk: Record<RiskLevel, ReleaseType> = { low: 'patch', medium: 'minor', high: 'major' }
// Longer bakes where more can go wrong; an emergency keeps the least bake so that the harm ends sooner.
const bakes: Record<TypeRisk, number> = { low: 1, medium: 1.5, high: 2, critical: 1 }

export type Governance = {
  type: ReleaseType
  /** The type whose rules hold: its own, or that of the level of the scope. */
  as: ReleaseType
  typeRisk: TypeRisk
  level: RiskLevel
  governedBy: 'type' | 'scope'
  tests: string
  /** The key of `signoff` in the configuration. */
  signoff: RiskLevel
  /** Seconds. */
  notice: number
  /** By how much the least bake of each step is multiplied. */
  bake: number
  text: string
}

/** Type and scope level side by side; the higher one sets tests, sign-offs, notice and bake (P3). */
export const governRelease = (type: ReleaseType, level: RiskLevel): Governance => {
  const own = typeRules[type]
  const byScope = order.indexOf(level) > order.indexOf(own.risk)
  const as = byScope ? typeOfRisk[level] : type
  const rule = typeRules[as]
  const risk = byScope ? level : own.risk
  const governedBy = byScope ? 'scope' : 'type'
  return {
    type,
    as,
    typeRisk: own.risk,
    level,
    governedBy,
    tests: rule.tests,
    signoff: risk === 'critical' ? 'high' : risk,
    notice: rule.notice,
    bake: bakes[risk],
    text: `type ${type} (${own.risk}) · scope ${level}: ${governedBy} sets tests, sign-offs, notice and bake`,
  }
}
