import { ConfigurationError } from '@relman/core/config/configuration-error'
import { choice, commonInputs, integer, text } from '@relman/core/runtime/inputs'
import { z } from 'zod'

/** The inputs of rollback, as action.yml declares them. */
export const inputs = z.object({
  ...commonInputs,
  operation: choice(['undo', 'manual', 'watch'], 'undo'),
  digest: text(),
  deployment: integer(null),
  token: integer(null),
  service: text(),
  reason: text(),
})

export type Inputs = z.output<typeof inputs>

/** What an undo must be told. @throws ConfigurationError that names the input */
export const target = ({
  digest,
  deployment,
  token,
}: Inputs): { digest: string; deployment: number; token: number } => {
  if (digest !== '' && deployment !== null && token !== null) return { digest, deployment, token }
  const name = digest === '' ? 'digest' : deployment === null ? 'deployment' : 'token'
  throw new ConfigurationError(
    `input "${name}": is required for operation undo; pass the output of the lock job`,
  )
}
