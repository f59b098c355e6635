import type { Plan } from '../plan/plan.ts'
import { unprovable } from '../plan/provable.ts'
import type { Criterion } from './criterion.ts'
import { featureCriteria } from './feature-criteria.ts'
import { freezeCriterion } from './freeze-criterion.ts'
import { lessonCriteria } from './lesson-criteria.ts'

/**
 * What the plan itself must not be: several releases in one (row P6), migrations that the way back cannot live with
 * (rows P15, G15), a rollout that cannot end well, features that are not done (row P22). Each is asked only where the plan speaks of it.
 */
export const planCriteria = (plan: Plan): Criterion[] => {
  const criteria = [
    ...coherence(plan),
    ...migrations(plan),
    ...provability(plan),
    ...featureCriteria(plan.features),
    ...freezeCriterion(plan),
    ...lessonCriteria(plan),
  ]
  // Under an embargo the evidence is for those who read the plan: criteria stand in logs, outputs, summaries and the ticket.
  return plan.embargo?.public ? criteria.map((one) => ({ ...one, evidence: '' })) : criteria
}

const about = { schema: 1 as const, source: 'plan', operator: '=' as const, threshold: 0, evidence: '' }
const passed = { state: 'pass' as const, reason: '', remedy: '', owner: '' }
const owner = 'the release owner'

const coherence = ({ split }: Plan): Criterion[] => {
  if (!split) return []
  const { exception, reasons, releases } = split
  const known = {
    ...about,
    id: 'coherent-scope',
    text: 'the changes belong into one release',
    observed: reasons.length,
    owner,
    evidence: reasons.map(({ text }) => text).join('; '),
  }
  return exception
    ? [{ ...known, state: 'excepted', reason: '', remedy: excepted(exception) }]
    : [
        {
          ...known,
          state: 'fail',
          reason: 'scope-incoherent',
          remedy: `make ${releases.length} releases of it as the plan proposes, or add an exception for this version to risk.exceptions (from: split), with its reason`,
        },
      ]
}

const migrations = ({ migrationRisk, embargo }: Plan): Criterion[] => {
  if (!migrationRisk) return []
  const { blocked, oneWay, reversed, exception } = migrationRisk
  const ask = (
    id: string,
    text: string,
    found: readonly string[],
    reason: 'migration-blocked' | 'migration-one-way' | 'migration-untested',
    remedy: string,
  ): Criterion => {
    const known = { ...about, id, text, observed: found.length }
    if (found.length === 0) return { ...known, ...passed }
    const evidence = found.slice(0, 3).join('; ')
    return exception
      ? {
          ...known,
          evidence,
          owner,
          state: 'excepted',
          reason: '',
          remedy: excepted(exception),
        }
      : { ...known, evidence, owner, state: 'fail', reason, remedy }
  }
  const except = 'or add an exception for this version to risk.exceptions (from: migration), with its reason'
  return [
    ask(
      'migrations',
      'no migration takes away what the previous version uses',
      blocked,
      'migration-blocked',
      `ship it in a later release than the code that stops using it, ${except}`,
    ),
    ask(
      'migrations-back',
      'every migration has a way back or a declared forward fix',
      oneWay,
      'migration-one-way',
      `write its down migration, or declare "-- forward-fix: <how>" in it, ${except}`,
    ),
    ...(reversed.length === 0
      ? []
      : [
          ask(
            'migrations-tested',
            'every migration that a rollback reverses has its own test',
            reversed.filter(({ test }) => test === null).map(({ path }) => path),
            'migration-untested',
            `write the test ${embargo?.public ? 'that the plan names' : (reversed.find(({ test }) => test === null)?.wanted ?? '')}, which runs it and reverses it, ${except}`,
          ),
        ]),
  ]
}

const provability = ({ policy }: Plan): Criterion[] => {
  const late = unprovable(policy)
  if (!late) return []
  return [
    {
      ...about,
      id: 'provable-rollout',
      text: 'the rollout can be proven under this policy',
      observed: late.text,
      threshold: 'provable',
      state: 'fail',
      reason: late.code,
      remedy: late.remedy,
      owner,
    },
  ]
}

const excepted = ({ by, reason }: { by: string; reason: string }): string => `${by}: ${reason}`
