import { type Check, checkCriteria } from '@relman/core/gate/check-criteria'
import type { Criterion } from '@relman/core/gate/criterion'
import { planCriteria } from '@relman/core/gate/plan-criteria'
import { policyCriteria } from '@relman/core/gate/policy-criteria'
import { rollbackCriterion } from '@relman/core/gate/rollback-criterion'
import { artifactEvidence } from './artifact-evidence.ts'
import type { GateCase } from './gate-case.ts'

const pauseMilliseconds = 10_000

/** The criteria that stand in every gate: checks, the policy's own, the way back, and what the plan says of itself. */
export const readEvidence = async (known: GateCase): Promise<Criterion[]> => {
  const { plan, service, ports } = known
  const checks = await settledChecks(known)
  return [
    ...checkCriteria(plan.policy.gate.checks, checks),
    ...reversalChecks(known).flatMap((name) => checkCriteria([name], checks)),
    ...policyCriteria(plan.policy.gate.criteria, { plan, checks, now: ports.clock.now() }),
    rollbackCriterion(plan, service),
    ...planCriteria(plan),
    ...(await artifactEvidence(known)),
  ]
}

/** The checks that run the tests of migrations which a rollback reverses (row P15), unless the policy names them anyway. */
const reversalChecks = ({ plan }: GateCase): string[] => {
  const named = (plan.migrationRisk?.reversed ?? []).flatMap(({ check }) => check ?? [])
  return [...new Set(named)].filter((name) => !plan.policy.gate.checks.includes(name))
}

/** Checks, read again until none that counts is pending or the deadline has passed. */
const settledChecks = async ({ plan, ports, input, signal }: GateCase): Promise<Check[]> => {
  const { clock, github } = ports
  const end = clock.now() + input.deadline * 1000
  for (;;) {
    const checks = await github.checks(plan.sha)
    const pending = checkCriteria(plan.policy.gate.checks, checks).some(
      ({ reason }) => reason === 'check-pending',
    )
    if (!pending || clock.now() + pauseMilliseconds > end) return checks
    await clock.sleep(pauseMilliseconds, signal)
  }
}
