import type { ArtifactFacts } from '../../artifact/artifact-facts.ts'
import {
  type Manifest,
  manifestTypes,
  readLabels,
  readManifest,
  readReferrers,
  revisionOf,
} from '../../artifact/manifest.ts'
import { type Found, readBuildkit, readReferrer } from '../../artifact/proofs.ts'
import type { Fetched, Registry } from './registry.ts'

/** Platforms of one index whose configuration is read for the commit. */
const mostPlatforms = 8
const mostAttestations = 8

export type Pointed = { tag: string; fetched: Fetched }

/** The first of these tags that the registry has. */
export const findTag = async (registry: Registry, tags: readonly string[]): Promise<Pointed | null> => {
  for (const tag of tags) {
    const fetched = await registry.manifest(tag, manifestTypes)
    if (fetched) return { tag, fetched }
  }
  return null
}

/** The commit that an image says it was built from: an annotation, else the labels of its platforms, which must agree. */
export const readCommit = async (
  registry: Registry,
  manifest: Manifest,
): Promise<ArtifactFacts['commit']> => {
  const told = revisionOf(manifest.annotations)
  if (told) return { sha: told, told: 'the annotation org.opencontainers.image.revision' }
  const images =
    manifest.kind === 'image'
      ? [manifest]
      : await Promise.all(
          manifest.platforms.slice(0, mostPlatforms).map(async ({ digest }) => {
            const fetched = await registry.manifest(digest, manifestTypes)
            return fetched ? readManifest(fetched.text, fetched.mediaType) : null
          }),
        )
  const commits = await Promise.all(
    images.map(async (image) => {
      if (!image) return null
      const own = revisionOf(image.annotations)
      if (own || !image.config) return own
      const blob = await registry.blob(image.config.digest)
      return blob ? revisionOf(readLabels(blob.text)) : null
    }),
  )
  const [first] = commits
  const agree = first && commits.every((one) => one === first)
  return agree ? { sha: first, told: 'the label org.opencontainers.image.revision' } : null
}

/**
 * What lies beside an image: BuildKit's statements in its index, referrers (with the tag that stands for them where the
 * registry has no such interface), and cosign's older tags. `unasked` says which of these could not be asked.
 */
export const findProofs = async (
  registry: Registry,
  digest: string,
  manifest: Manifest,
): Promise<{ found: Found[]; unasked: string[] }> => {
  const found: Found[] = []
  const unasked: string[] = []
  const look = async (what: string, reading: () => Promise<Found[]>): Promise<void> => {
    try {
      found.push(...(await reading()))
    } catch (error) {
      unasked.push(`${what} could not be read: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const tag = digest.replace(':', '-')
  await look('statements of BuildKit', async () => {
    const some = manifest.attestations.slice(0, mostAttestations)
    const read = await Promise.all(some.map((one) => registry.manifest(one.digest, manifestTypes)))
    return read.flatMap((one) => (one ? readBuildkit(readManifest(one.text, one.mediaType).layers) : []))
  })
  await look('referrers', async () => {
    const listed = await registry.referrers(digest)
    const text = listed ?? (await registry.manifest(tag, manifestTypes))?.text
    return (text === undefined ? [] : readReferrers(text)).flatMap((one) => readReferrer(one) ?? [])
  })
  for (const [end, what] of [
    ['sig', 'signature'],
    ['att', 'signature'],
    ['sbom', 'sbom'],
  ] as const)
    await look(`the tag ${end} of cosign`, async () => {
      const there = await registry.manifest(`${tag}.${end}`, manifestTypes)
      return there ? [{ what, where: `the tag .${end} of cosign`, predicate: null }] : []
    })
  return { found, unasked }
}
