import { z } from 'zod'
import type { Config } from '../config/config.ts'

/** Why something ships against a rule, and who decided it: from the policy, for one version. */
export const exception = z.object({ reason: z.string(), by: z.string() }).nullable()

export type Exception = z.output<typeof exception>

/** The exception that the policy grants to this version, whatever its build metadata; null where there is none. */
export const exceptionFor = (
  risk: Pick<Config['risk'], 'exceptions'>,
  from: Config['risk']['exceptions'][number]['from'],
  version: string,
): Exception => {
  const found = risk.exceptions.find((each) => each.from === from && bare(each.version) === bare(version))
  return found ? { reason: found.reason, by: found.by } : null
}

const bare = (version: string): string => version.replace(/\+.*$/, '')
