import { decide } from '@relman/core/gate/decision'
import { environmentCriteria } from '@relman/core/gate/environment-criteria'
import type { Outcome } from '@relman/core/runtime/outcome'
import { fingerprint } from '@relman/core/signoff/approval'
import type { Protection } from '@relman/core/signoff/satisfiable'
import { gated, rejected } from './drafts.ts'
import { type GateCase, readPeople } from './gate-case.ts'
import { decided, remember } from './outcomes.ts'
import { readEvidence } from './read-evidence.ts'

/**
 * Before anybody is asked: do the checks and the policy's criteria hold, is there a way back, and can each role's
 * environment give a sign-off that counts? Approvals of earlier attempts are noted, so that they are not counted again.
 */
export const gateScope = async (known: GateCase): Promise<Outcome> => {
  const { plan, ports, context } = known
  const people = await readPeople(known)
  const found = new Map<string, Protection | null>()
  for (const { environment } of plan.signoffs) {
    if (!found.has(environment)) found.set(environment, await ports.github.environment(environment))
  }
  const { serverUrl, repository } = context
  const url = () => `${serverUrl}/${repository.owner}/${repository.name}/settings/environments`
  const criteria = [
    ...(await readEvidence(known)),
    ...environmentCriteria({ signoffs: plan.signoffs, found, url, ...people }),
  ]
  const decision = decide(criteria)
  const seen = (await ports.github.approvals(context.run.id)).map(fingerprint)
  const drafts = [gated(known, 'scope', decision, criteria, seen)]
  if (decision.decision === 'no-go') drafts.push(rejected(known, 'scope', decision))
  await remember(known, drafts)
  return decided(known, 'scope', decision, criteria)
}
