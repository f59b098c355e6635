import { overtaken } from '@relman/core/gate/overtaken'
import { provisional } from '@relman/core/gate/provisional'
import type { Outcome } from '@relman/core/runtime/outcome'
import type { RunContext } from '@relman/core/runtime/run-context'
import { gateExposure } from './expose.ts'
import { type GateCase, type Ports, readCase } from './gate-case.ts'
import type { Inputs } from './inputs.ts'
import { asRefusal, refuse } from './outcomes.ts'
import { gateProduction } from './production.ts'
import { gatePromotion } from './promote.ts'
import { gateScope } from './scope.ts'
import { gateSignoff } from './sign-off.ts'

const gates = {
  scope: gateScope,
  signoff: gateSignoff,
  production: gateProduction,
  exposure: gateExposure,
  promotion: gatePromotion,
}

/** Go or no-go at one stage of a release. Whatever is not known counts against it. */
export const riskGate = async (
  input: Inputs,
  context: RunContext,
  ports: Ports,
  signal: AbortSignal,
): Promise<Outcome> => {
  const known: GateCase = await readCase(input, context, ports, signal)
  const late =
    overtaken(known.plan, known.digest, known.release, known.service) ??
    // Before feature freeze, too, what was built is tried in the environments before the last.
    (input.stage === 'promotion' ? null : provisional(known.plan))
  if (late) return refuse(known, input.stage, late)
  if (known.release.state === 'executing' && input.stage !== 'exposure') {
    const message = `the rollout of ${known.plan.version} has begun already`
    return refuse(known, input.stage, { reasonCode: 'superseded', message })
  }
  try {
    return await gates[input.stage](known)
  } catch (error) {
    return refuse(known, input.stage, asRefusal(error))
  }
}
