import type { ArtifactFacts } from './artifact-facts.ts'
import type { PlannedArtifacts } from './planned-artifacts.ts'

export type Looked = Pick<ArtifactFacts, 'reference' | 'state' | 'pointed' | 'why'>

/**
 * The planned artifacts as their sources tell them now: whether the digest is still there and where the tag leads. What was
 * not asked again keeps what the plan says.
 */
export const refresh = (
  planned: PlannedArtifacts,
  now: { items: readonly Looked[]; previous: readonly Looked[] },
): PlannedArtifacts => ({
  ...planned,
  items: planned.items.map((one) => later(one, now.items)),
  previous: planned.previous.map((one) => later(one, now.previous)),
})

const later = (one: ArtifactFacts, all: readonly Looked[]): ArtifactFacts => {
  const found = all.find(({ reference }) => reference === one.reference)
  if (!found || one.digest === null) return one
  return { ...one, state: found.state, why: found.why, pointed: found.pointed ?? one.pointed }
}
