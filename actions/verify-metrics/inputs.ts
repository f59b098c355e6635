import { ConfigurationError } from '@relman/core/config/configuration-error'
import { places } from '@relman/core/rollout/measured-in'
import { choice, commonInputs, integer, needed, text, weight } from '@relman/core/runtime/inputs'
import { z } from 'zod'

/** A moment as Unix seconds or ISO 8601 with its offset; '' is null. */
const moment = z
  .string()
  .trim()
  .transform((value, context) => {
    if (value === '') return null
    const seconds = /^\d{1,12}(\.\d{1,3})?$/.test(value) ? Number(value) : isoSeconds(value)
    if (Number.isNaN(seconds))
      context.addIssue(
        `write Unix seconds or a time like 2026-01-31T12:00:00Z, not ${JSON.stringify(value.slice(0, 60))}`,
      )
    return seconds
  })

const isoSeconds = (value: string): number =>
  /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(value) ? Date.parse(value) / 1000 : Number.NaN

/** The inputs of verify-metrics, as action.yml declares them. */
export const inputs = z.object({
  ...commonInputs,
  digest: needed,
  deployment: integer(null),
  since: moment,
  until: moment,
  'baseline-since': moment,
  place: choice(places, 'production'),
  probes: text(''),
  // 0 % exposes nobody: whoever writes it says no weight.
  weight: weight(0).transform((percent) => percent || null),
})

export type Inputs = z.output<typeof inputs>

/** The window to judge. @throws ConfigurationError when it has no beginning or no length */
export const windowOf = ({ since, until }: Inputs, now: number): { from: number; to: number } => {
  if (since === null) {
    throw new ConfigurationError(
      'input "since": is required without a deployment; say where the window begins, or pass "deployment"',
    )
  }
  const to = until ?? now
  if (to > since) return { from: since, to }
  throw new ConfigurationError('input "until": must be later than "since"')
}
