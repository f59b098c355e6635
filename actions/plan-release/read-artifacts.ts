import type { ArtifactFacts } from '@relman/core/artifact/artifact-facts'
import type { PlannedArtifacts } from '@relman/core/artifact/planned-artifacts'
import type { Named } from '@relman/core/artifact/reference'
import type { Config } from '@relman/core/config/config'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import { exceptionFor } from '@relman/core/plan/exception'
import type { Plan } from '@relman/core/plan/plan'
import type { Planning } from '@relman/core/ports/planning'
import { findCandidate } from './find-candidate.ts'
import { givenDigests } from './given-digests.ts'
import { keptVersions } from './kept-versions.ts'
import { lookAll } from './look-all.ts'
import { readRecorded } from './recorded-artifacts.ts'

type Ask = {
  ports: Pick<Planning, 'git' | 'store' | 'artifacts'>
  policy: Config
  service: string
  named: Named
  previous: Plan['previous']
  /** The input "artifact-digest". */
  given: string
  /** Reads files of the branch that policy comes from. */
  file: (path: string) => Promise<string | null>
}

/**
 * Rows P15, P23, P25: the artifacts of the release with their digests, the candidate that a final version must be the same
 * as, what a rollback returns to and what stays deployable. null where the configuration names no artifact.
 *
 * @throws ConfigurationError for digests that were given and fit nothing
 */
export const readArtifacts = async (ask: Ask): Promise<PlannedArtifacts | null> => {
  const { ports, policy, service, named, previous } = ask
  const references = [...(policy.artifact === undefined ? [] : [policy.artifact]), ...policy.artifacts.more]
  if (references.length === 0) {
    if (ask.given.trim() === '') return null
    throw new ConfigurationError(
      'input "artifact-digest": the configuration names no artifact that it could be of; set artifact',
    )
  }
  const given = givenDigests(ask.given, references, named)
  const source = await ports.artifacts(policy, ask.file)
  const recorded = readRecorded(ports.store, service)
  const found = await findCandidate({ ...ask, references, source, recorded })
  // What was tried of another commit is not what this plan is about; the gate says so.
  const tried = [null, named.sha].includes(found.candidate?.sha ?? null) ? found.candidate : null
  const items: ArtifactFacts[] = []
  for (const reference of references) {
    const ofCandidate = tried?.artifacts.find((one) => one.reference === reference)?.digest ?? null
    const digest = given.get(reference) ?? ofCandidate
    const item = await source.look({ reference, named, digest, proofs: true })
    items.push(
      item.digest === null || digest === null
        ? item
        : {
            ...item,
            from: given.has(reference)
              ? 'the input artifact-digest'
              : `the candidate ${found.candidate?.version}`,
          },
    )
  }
  const kept = await keptVersions({ ...ask, references, source, recorded })
  return {
    items,
    candidate: found.candidate,
    candidates: found.sentence,
    previous: previous ? await lookAll(source, references, previous, await recorded(previous.version)) : [],
    ...kept,
    exception: exceptionFor(policy.risk, 'artifact', named.version),
  }
}
