import { isDigest } from '@relman/core/artifact/digest'
import type { Plan } from '@relman/core/plan/plan'
import type { RecordStore } from '@relman/core/ports/record-store'
import { fold } from '@relman/core/record/fold'

/** What a version shipped by its last plan in the record, by reference, and how its release stands. */
export type Recorded = {
  state: string | null
  sha: string | null
  digests: ReadonlyMap<string, string>
}

/** Reads what the record knows of a version, once; null where it knows no plan of it. */
export const readRecorded = (
  store: RecordStore | null,
  service: string,
): ((version: string) => Promise<Recorded | null>) => {
  const known = new Map<string, Promise<Recorded | null>>()
  return (version) => {
    const found = known.get(version) ?? (store ? read(store, service, version) : Promise.resolve(null))
    known.set(version, found)
    return found
  }
}

const read = async (store: RecordStore, service: string, version: string): Promise<Recorded | null> => {
  const { state, digest } = fold(await store.events(service, version))
  const text = digest === null ? null : await store.plan(digest)
  if (text === null) return null
  // A plan of an older relman has no list of artifacts.
  const plan = JSON.parse(text) as Partial<Pick<Plan, 'sha' | 'artifact' | 'artifacts'>>
  const { artifact } = plan
  const listed =
    plan.artifacts?.items ?? (artifact ? [{ reference: artifact.name, digest: artifact.digest }] : [])
  return {
    state,
    sha: plan.sha ?? null,
    digests: new Map(
      listed.flatMap(({ reference, digest }) => (isDigest(digest) ? [[reference, digest]] : [])),
    ),
  }
}
