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
  /** Its name in the record, and that of the trains of its manifest. */
  service: string
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

const onItsWay = ['executing', 'deployment-failed']

/**
 * The manifest of the protected branch. Once a train has left, the revision that everybody agreed to is read from the record,
 * and what is written in the file since, even another train or nothing that can be read, changes nothing until it is over.
 */
export const readTrain = async (input: Inputs, ports: TrainPorts): Promise<Train | Outcome> => {
  const { store, sha256 } = ports
  const path = input.train
  if (path.startsWith('/') || /(^|[\\/])\.\.([\\/]|$)/.test(path))
    throw new ConfigurationError(`input "train": ${path} is not a path inside the repository`)
  const service = trainService(path, sha256)
  const last = (await store.service(service)).live?.version
  const events = last === undefined ? [] : await store.events(service, last)
  const written = await readFile(input, ports).catch((error: unknown) => {
    if (error instanceof ConfigurationError && onItsWay.includes(fold(events).state ?? '')) return error
    throw error
  })
  if (last !== undefined && onItsWay.includes(fold(events).state ?? '')) {
    const note =
      written instanceof ConfigurationError
        ? `the file cannot be read now, which has no effect on this train: ${written.message}`
        : written.slug !== last
          ? `the file is about another train now, ${written.slug}, which waits until this one is over`
          : ''
    return kept({ service, slug: last, events, path, note }, ports, written)
  }
  if (written instanceof ConfigurationError) throw written
  const { slug, manifest, text, digest } = written
  const own = slug === last ? events : await store.events(service, slug)
  const state = fold(own).state
  if (beforeDeparture.some((each) => each === state) || fold(own).digest === digest)
    return trainOf({ service, slug, manifest, text, digest, events: own, notes: [] })
  if (state === 'completed' || state === 'rolled-back') return over(slug, state, fold(own).digest ?? '')
  return kept({ service, slug, events: own, path, note: '' }, ports, written)
}

type File = { slug: string; manifest: Manifest; text: string; digest: string }

const readFile = async (input: Inputs, { github, sha256 }: TrainPorts): Promise<File> => {
  const path = input.train
  const branch = input['policy-ref'] || (await github.defaultBranch())
  const text = await github.file(path, branch)
  if (text === null)
    throw new ConfigurationError(
      `does not exist on ${branch}; write the manifest, or correct the input "train"`,
      { file: path },
    )
  const manifest = readManifest(text, path)
  // JSON writes half a character as an escape, which cannot be hashed.
  if (/(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(JSON.stringify(manifest)))
    throw new ConfigurationError('holds half a character (a lone surrogate); write the whole one', {
      file: path,
    })
  return { slug: trainSlug(manifest, sha256), manifest, ...trainRevision(manifest, sha256) }
}

type Kept = { service: string; slug: string; events: RecordEvent[]; path: string; note: string }

/** The revision that left, as the record keeps it. */
const kept = async (
  { service, slug, events, path, note }: Kept,
  { store }: TrainPorts,
  written: File | ConfigurationError,
): Promise<Train> => {
  const digest = fold(events).digest ?? ''
  const text = await store.plan(digest)
  if (text === null)
    throw new ConfigurationError(
      `the revision ${digest.slice(0, 12)} that left is not in the record any more`,
      {
        file: path,
      },
    )
  const changed = !(written instanceof ConfigurationError) && written.digest !== digest && note === ''
  const notes = [
    ...(note === '' ? [] : [note]),
    ...(changed
      ? [
          `the file has changed since this train left with revision ${digest.slice(0, 12)}; the change has no effect on it`,
        ]
      : []),
  ]
  return trainOf({
    service,
    slug,
    manifest: manifestSchema.parse(JSON.parse(text)),
    text,
    digest,
    events,
    notes,
  })
}

const trainOf = (about: Omit<Train, 'review' | 'repositories'>): Train => {
  const review = reviewManifest(about.manifest)
  const ships = new Set(review.order)
  const repositories = about.manifest.components
    .filter(({ component }) => ships.has(component))
    .map(({ repository }) => repository)
  return { ...about, review, repositories: [...new Set(repositories)] }
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
