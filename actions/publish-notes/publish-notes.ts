import { ConfigurationError } from '@relman/core/config/configuration-error'
import { readPlan } from '@relman/core/runtime/exposure/read-plan'
import type { Outcome } from '@relman/core/runtime/outcome'
import type { RunContext } from '@relman/core/runtime/run-context'
import type { Inputs } from './inputs.ts'
import type { Ports } from './ports.ts'
import { publishRelease } from './publish-release.ts'
import { recordPromotion } from './record-promotion.ts'
import { recordRollout } from './record-rollout.ts'
import { reviewReleases } from './review-releases.ts'
import { showChanges } from './show-changes.ts'

/**
 * `record` settles a rollout in the record; `notes` publishes a release that is live; `changes` says on each change where it is;
 * `promotion` writes how a promotion to an earlier environment ended; `review` looks back at releases that ended.
 *
 * @throws ConfigurationError without the digest that all but changes take
 */
export const publishNotes = async (input: Inputs, context: RunContext, ports: Ports): Promise<Outcome> => {
  if (input.operation === 'changes') return showChanges(input, context, ports)
  if (input.operation === 'review') return reviewReleases(input, context, ports)
  if (input.digest === '') throw new ConfigurationError('input "digest": is required')
  const plan = await readPlan(ports.store, input.digest)
  const facts = { input, context, ports, plan, digest: input.digest }
  if (input.operation === 'promotion') return recordPromotion(facts)
  return input.operation === 'record' ? recordRollout(facts) : publishRelease(facts)
}
