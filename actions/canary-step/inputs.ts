import { ConfigurationError } from '@relman/core/config/configuration-error'
import { choice, commonInputs, integer, needed, text, weight } from '@relman/core/runtime/inputs'
import { z } from 'zod'

/** The inputs of canary-step, as action.yml declares them. */
export const inputs = z.object({
  ...commonInputs,
  operation: choice(['walk', 'check', 'promote'], 'walk').describe(
    'walk the ladder, check whether a promotion still holds, or promote to an earlier environment',
  ),
  environment: text().describe('The environment that is promoted to'),
  digest: needed.describe('Digest of the approved plan'),
  deployment: integer(null).describe('The deployment that the lock job created'),
  token: integer(null).describe('Fencing token of the lease that the lock job took'),
  until: weight(100, true).describe('Weight in percent to stop at'),
})

export type Inputs = z.output<typeof inputs>

/** A number that only a dry run can do without. @throws ConfigurationError */
export const wanted = (name: string, value: number | null): number => {
  if (value !== null) return value
  throw new ConfigurationError(`input "${name}": is required; pass the output "${name}" of the lock job`)
}
