import { ConfigurationError } from '../../config/configuration-error.ts'
import type { TrafficPolicy } from '../../config/traffic-policy.ts'
import type { RunProcess } from '../../ports/process.ts'
import type { TrafficRouter } from '../../ports/traffic.ts'
import { openCommandTraffic } from './command.ts'
import { openHttpTraffic } from './http.ts'
import { openNoTraffic } from './none.ts'

export type TrafficSettings = {
  policy: TrafficPolicy | undefined
  version: string
  previous: string | null
  cwd: string
  env: Record<string, string | undefined>
  run: RunProcess
  /** Nothing is reached: no request, no command. */
  dryRun: boolean
  say: (line: string) => void
}

/** The driver that a plan names. */
export const openTraffic = ({
  policy,
  version,
  previous,
  cwd,
  env,
  run,
  dryRun,
  say,
}: TrafficSettings): TrafficRouter => {
  if (dryRun) return openNoTraffic(say)
  if (!policy) {
    throw new ConfigurationError(
      'traffic: no driver is configured; name one (driver: command or driver: http) that moves traffic',
    )
  }
  if (policy.driver === 'command') {
    const { set, get, timeout } = policy
    return openCommandTraffic({ set, get, timeoutSeconds: timeout, cwd, version, previous }, run)
  }
  return openHttpTraffic({
    url: policy.url,
    timeoutSeconds: policy.timeout,
    token: bearer('traffic.secret', policy.secret, env),
  })
}

/** The token in a named environment variable; a named variable that is empty is a mistake, not "no token". */
export const bearer = (
  key: string,
  name: string | undefined,
  env: Record<string, string | undefined>,
): string | undefined => {
  if (!name) return undefined
  const token = env[name]
  if (token) return token
  throw new ConfigurationError(
    `${key}: the environment variable ${name} is not set in this job; pass the secret to this step`,
  )
}
