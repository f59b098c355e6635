import { type ArtifactFacts, unread } from '@relman/core/artifact/artifact-facts'
import { type Named, readReference } from '@relman/core/artifact/reference'
import type { Artifacts } from '@relman/core/ports/artifacts'
import type { Recorded } from './recorded-artifacts.ts'

/** What an earlier version shipped, by the digests of the record where it has them, else by its tags. */
export const lookAll = async (
  source: Artifacts,
  references: readonly string[],
  named: Named,
  known: Recorded | null,
): Promise<ArtifactFacts[]> => {
  const all: ArtifactFacts[] = []
  for (const reference of references) {
    const digest = known?.digests.get(reference) ?? null
    const { kind } = readReference(reference, named)
    if (kind === 'file')
      all.push(
        unread(
          { reference, wanted: digest, name: reference, kind, version: named.version },
          'not-asked',
          'a file of this checkout says nothing of an earlier version',
        ),
      )
    else all.push(await source.look({ reference, named, digest, proofs: false }))
  }
  return all
}
