import { type Fault, type Finding, fails, lacks, passes } from './finding.ts'
import type { PlannedArtifacts } from './planned-artifacts.ts'

/** The commit and the final version that are planned. */
export type Shipped = { version: string; sha: string }

/** Row P23: a final version is the very artifact of its last candidate. Nothing to say of a version that is none. */
export const judgeCandidate = (planned: PlannedArtifacts, shipped: Shipped, required: boolean): Finding[] => {
  const { candidate, candidates } = planned
  if (!candidate && (!required || shipped.version.includes('-'))) return []
  const about = {
    id: 'artifact-candidate',
    text: candidate
      ? `${shipped.version} is the very artifact of its last candidate ${candidate.version}`
      : `${shipped.version} had a candidate`,
    threshold: candidate ? candidate.version : 'a candidate',
  }
  if (!candidate) {
    const remedy =
      'plan and expose a candidate first (channel rc), or add an exception for this version to risk.exceptions (from: artifact)'
    return [{ ...about, observed: candidates, ...fails('no-candidate', remedy) }]
  }
  const { observed, ...fault } = compare(planned, shipped, required)
  return [{ ...about, observed, ...fault }]
}

const compare = (
  { candidate, items }: PlannedArtifacts,
  { version, sha }: Shipped,
  required: boolean,
): Fault & { observed: string } => {
  if (!candidate) return { observed: '', ...passes }
  const except = 'or add an exception for this version to risk.exceptions (from: artifact)'
  const again = `make a new candidate, ${except}`
  if (candidate.blocked)
    return { observed: `${candidate.version} was rolled back`, ...fails('candidate-rolled-back', again) }
  if (candidate.sha !== null && candidate.sha !== sha)
    return {
      observed: `${candidate.version} is of commit ${candidate.sha.slice(0, 7)}, this plan of ${sha.slice(0, 7)}`,
      ...fails(
        'changed-since-candidate',
        `plan ${version} at the commit of the candidate (ref: ${candidate.version} or ${candidate.sha.slice(0, 12)}), or ${again}`,
      ),
    }
  for (const { reference, digest, pointed } of candidate.artifacts) {
    const item = items.find((one) => one.reference === reference)
    if (digest === null) continue
    if (item && item.digest !== digest)
      return {
        observed: `${reference}: ${item.digest ?? `not ${digest}${item.pointed ? ` but ${item.pointed}` : ''}`}`,
        ...fails(
          'artifact-not-of-candidate',
          `ship ${digest}, the artifact of ${candidate.version}, ${except}`,
        ),
      }
    if (pointed !== null && pointed !== digest)
      return {
        observed: `the tag of ${candidate.version} led to ${digest} and leads to ${pointed}`,
        ...fails('artifact-tag-moved', `find out who moved it, then ${again}`),
      }
  }
  const unknown = candidate.artifacts.filter(({ digest }) => digest === null)
  const left = items.filter(
    ({ reference }) => !candidate.artifacts.some((one) => one.reference === reference),
  )
  if (unknown.length > 0 || left.length > 0)
    return {
      observed: `what ${candidate.version} shipped is not known: ${[...unknown, ...left].map(({ reference }) => reference).join(', ')}`,
      ...lacks(
        required,
        'candidate-unknown',
        'plan candidates with the record and their artifacts, so that their digests are known',
      ),
    }
  return {
    observed: `${candidate.version}, ${candidate.source === 'record' ? 'by the record' : 'by its tag; it is not in the record'}`,
    ...passes,
  }
}
