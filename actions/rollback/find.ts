import { config } from '@relman/core/config/config'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import { readYaml } from '@relman/core/config/read-yaml'
import { fold as foldRelease } from '@relman/core/record/fold'
import { lostReason } from '@relman/core/rollback/lost-run'
import type { Inputs } from './inputs.ts'
import type { Ports } from './rollback.ts'

export type Found = { digest: string; deployment: number; token: number; reason: string }

const configuration = '.github/relman.yml'

/** The service an input names; else the configured one, else the repository's name. */
export const serviceOf = async (
  { service }: Pick<Inputs, 'service'>,
  { github }: Pick<Ports, 'github'>,
): Promise<string> => {
  if (service !== '') return service
  const text = await github.file(configuration, await github.defaultBranch())
  // What a plan could not follow does not stand in the way of a way back.
  const named = text === null ? undefined : readYaml(text, configuration, config).value.service
  return named ?? github.repository.name
}

/** A rollout whose run is over, gone or out of time, and that nobody settled; else why there is none. */
export const findLost = async (input: Inputs, ports: Ports): Promise<Found | { none: string }> => {
  const service = await serviceOf(input, ports)
  const { lease } = await ports.record.service(service)
  if (!lease) return { none: `no rollout of ${service} is open` }
  const run = await ports.github.run(lease.run.id)
  const reason = lostReason(lease, run, ports.clock.now())
  if (!reason) return { none: `the run ${lease.run.id} of the rollout of ${service} lives` }
  if (lease.deployment === null)
    return { none: `the run ${lease.run.id} was lost before anything of ${service} was exposed` }
  return { digest: lease.digest, deployment: lease.deployment, token: lease.token, reason }
}

/** What a person means by "roll back": the rollout under way, else the version that is live. */
export const findLive = async (input: Inputs, ports: Ports): Promise<Found | { none: string }> => {
  const service = await serviceOf(input, ports)
  const { lease, live } = await ports.record.service(service)
  if (lease?.deployment)
    return { digest: lease.digest, deployment: lease.deployment, token: lease.token, reason: 'manual' }
  if (!live)
    return { none: `no version of ${service} is live by the record, so there is nothing to roll back` }
  const { deployment, token } = foldRelease(await ports.record.events(service, live.version))
  if (deployment === null || token === null) {
    throw new ConfigurationError(
      `the record holds no deployment of ${service} ${live.version}; return its traffic by hand`,
    )
  }
  return { digest: live.digest, deployment, token, reason: 'manual' }
}
