import type { Looked } from '@relman/core/artifact/refresh'
import { artifactCriteria } from '@relman/core/gate/artifact-criteria'
import type { Criterion } from '@relman/core/gate/criterion'
import type { GateCase } from './gate-case.ts'

/** Rows P15, P23: asks the sources again, because a tag may have moved and an artifact may be gone since the plan. */
export const artifactEvidence = async ({ plan, ports }: GateCase): Promise<Criterion[]> => {
  const { artifacts, version, tag, sha, previous, policy } = plan
  if (artifacts === null) return []
  const source = await ports.artifacts(policy)
  const again = async (
    all: typeof artifacts.items,
    named: { version: string; tag: string; sha: string },
  ): Promise<Looked[]> => {
    const looked: Looked[] = []
    for (const { reference, digest, kind } of all) {
      // The file was in the checkout of the job that planned.
      if (digest === null || kind === 'file') continue
      looked.push(await source.look({ reference, named, digest, proofs: false }))
    }
    return looked
  }
  return artifactCriteria(plan, {
    items: await again(artifacts.items, { version, tag, sha }),
    previous: previous ? await again(artifacts.previous, previous) : [],
  })
}
