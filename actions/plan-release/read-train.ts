import { ConfigurationError } from '@relman/core/config/configuration-error'
import { type Manifest, manifest as manifestSchema } from '@relman/core/manifest/manifest'
import { readManifest } from '@relman/core/manifest/read-manifest'
import { type ManifestReview, reviewManifest } from '@relman/core/manifest/review-manifest'
import type { TrainPorts } from '@relman/core/ports/train'
import type { RecordEvent } from '@relman/core/record/event'
import { fold } from '@relman/core/record/fold'
import type { Outcome } from '@relman/core/runtime/outcome'
import { trainRevision, trainService, trainSlug } from '@relman/core/train/identity'
import { beforeDeparture } from '@relman/core/train/prepare'
import type { Inputs } from './inputs.ts'

/** A train with the revision that is in force. */
export type Train = {
  slug: string
  manifest: Manifest
  review: ManifestReview
  digest: string
  /** The revision as it is kept in the record. */
  text: string
  events: RecordEvent[]
  /** Of the components that ship, each once, `owner/name`. */
  repositories: string[]
  notes: string[]
}

/**
 * The manifest of the protected branch. Once the train has left, the revision that everybody agreed to is read from the record,
 * and what is written in the file since changes nothing.
 */
export const readTrain = async (
  input: Inputs,
  { github, store, sha256 }: TrainPorts,
): Promise<Train | Outcome> => {
  const path = input.train
  if (path.startsWith('/') || /(^|[\\/])\.\.([\\/]|$)/.test(path))
    throw new ConfigurationError(`input "train": ${path} is not a path inside the repository`)
  const branch = input['policy-ref'] || (await github.defaultBranch())
  const text = await github.file(path, branch)
  if (text === null)
    throw new ConfigurationError(
      `does not exist on ${branch}; write the manifest, or correct the input "train"`,
      {
        file: path,
      },
    )
  const written = readManifest(text, path)
  const slug = trainSlug(written, sha256)
  const revision = trainRevision(written, sha256)
  const events = await store.events(trainService, slug)
  const { state, digest } = fold(events)
  if (beforeDeparture.some((each) => each === state) || digest === null || digest === revision.digest)
    return train(slug, written, revision, events, [])
  if (state === 'completed' || state === 'rolled-back') return over(slug, state, digest)
  const kept = await store.plan(digest)
  if (kept === null)
    throw new ConfigurationError(
      `the revision ${digest.slice(0, 12)} that left is not in the record any more`,
      { file: path },
    )
  const note = `the file has changed since this train left with revision ${digest.slice(0, 12)}; the change has no effect on it`
  return train(slug, manifestSchema.parse(JSON.parse(kept)), { text: kept, digest }, events, [note])
}

const train = (
  slug: string,
  manifest: Manifest,
  { text, digest }: { text: string; digest: string },
  events: RecordEvent[],
  notes: string[],
): Train => {
  const review = reviewManifest(manifest)
  const ships = new Set(review.order)
  const repositories = manifest.components
    .filter(({ component }) => ships.has(component))
    .map(({ repository }) => repository)
  return { slug, manifest, review, digest, text, events, repositories: [...new Set(repositories)], notes }
}

const over = (slug: string, state: string, digest: string): Outcome => ({
  decision: 'refused',
  reasonCode: 'train-over',
  message: `the train ${slug} is ${state} (revision ${digest.slice(0, 12)}) and leaves no second time: give the next one a name of its own`,
  failed: true,
  outputs: {},
  data: { train: slug, state, digest },
  summary: '',
})
