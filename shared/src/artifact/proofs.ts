import type { Proof } from './artifact-facts.ts'
import type { Descriptor } from './manifest.ts'

/** What lies beside an artifact, and what it claims to be. Nothing of it is checked. */
export type Found = { what: 'signature' | 'sbom' | 'provenance'; where: string; predicate: string | null }

const signatures =
  /^application\/(vnd\.dev\.cosign\.(artifact\.sig|simplesigning)\.v1\+json|vnd\.cncf\.notary\.signature|vnd\.dev\.sigstore\.bundle(\.v[\d.]+)?\+json)/
const boms = /^(application\/(spdx|vnd\.cyclonedx|vnd\.syft)\+(json|xml)|text\/spdx)/

/** The kind of a statement by its predicate (in-toto): a bill of materials, or where it was built. */
export const kindOfPredicate = (predicate: string): Found['what'] =>
  /^https:\/\/(spdx\.dev\/Document|cyclonedx\.org\/bom)/.test(predicate)
    ? 'sbom'
    : /^https:\/\/slsa\.dev\/provenance/.test(predicate)
      ? 'provenance'
      : 'signature'

/** What a referrer of an image is, by its type and annotations; null where it is something else. */
export const readReferrer = ({ artifactType, annotations }: Descriptor): Found | null => {
  const predicate =
    annotations['dev.sigstore.bundle.predicateType'] ?? annotations['in-toto.io/predicate-type'] ?? null
  const where = 'a referrer in the registry'
  if (predicate !== null) return { what: kindOfPredicate(predicate), where, predicate }
  if (boms.test(artifactType)) return { what: 'sbom', where, predicate }
  return signatures.test(artifactType) ? { what: 'signature', where, predicate } : null
}

/** Statements that BuildKit wrote into the index itself; they are not signed. */
export const readBuildkit = (layers: readonly Descriptor[]): Found[] =>
  layers.flatMap(({ annotations }) => {
    const predicate = annotations['in-toto.io/predicate-type'] ?? ''
    const what = kindOfPredicate(predicate)
    return predicate === '' || what === 'signature'
      ? []
      : [{ what, where: 'the index, by BuildKit', predicate }]
  })

/** A signed statement counts as a signature, one of BuildKit does not. */
const isSigned = ({ what, where }: Found): boolean => what === 'signature' || !where.includes('BuildKit')

/**
 * What may be said without checking: present or absent. `unasked` are the places that did not answer: then a thing that was
 * not found is not known to be absent.
 */
export const presence = (
  found: readonly Found[],
  what: 'signature' | 'sbom',
  unasked: readonly string[],
): Proof => {
  const one = found.find((each) =>
    what === 'sbom' ? each.what === 'sbom' : isSigned(each) && each.what !== 'sbom',
  )
  if (one) return { state: 'present', how: `${one.where}; not verified` }
  if (unasked.length > 0) return { state: 'unknown', how: unasked.join('; ').slice(0, 300) }
  return { state: 'absent', how: 'nothing was found' }
}
