import { isDigest } from './digest.ts'

type Dict = Record<string, unknown>
export type Descriptor = {
  mediaType: string
  digest: string
  artifactType: string
  annotations: Record<string, string>
  platform: string
}

/** An image manifest or an index of them (OCI image specification 1.1, and Docker's forms of both). */
export type Manifest = {
  kind: 'index' | 'image'
  annotations: Record<string, string>
  config: Descriptor | null
  /** Of an index: manifests that run somewhere, without attestations. */
  platforms: Descriptor[]
  /** Of an index: manifests in which BuildKit attests to the others. */
  attestations: Descriptor[]
  layers: Descriptor[]
}

const indexTypes = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
])
const imageTypes = new Set([
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
])

/** What a client says that it can read. */
export const manifestTypes = [...indexTypes, ...imageTypes].join(', ')

/** @throws Error in one sentence where the text is neither an index nor a manifest */
export const readManifest = (text: string, mediaType: string): Manifest => {
  const value = parse(text)
  const said =
    (typeof value?.['mediaType'] === 'string' ? value['mediaType'] : mediaType.split(';')[0])?.trim() ?? ''
  const listed = Array.isArray(value?.['manifests'])
  if (!value || (listed ? !indexTypes.has(said) : !imageTypes.has(said)))
    throw new Error(
      `the registry gave no image manifest or index (media type ${said.slice(0, 100) || 'not given'})`,
    )
  const children = listed ? descriptors(value['manifests']) : []
  const isAttestation = ({ annotations }: Descriptor) =>
    annotations['vnd.docker.reference.type'] === 'attestation-manifest'
  return {
    kind: listed ? 'index' : 'image',
    annotations: texts(value['annotations']),
    config: descriptors([value['config']])[0] ?? null,
    platforms: children.filter((one) => !isAttestation(one)),
    attestations: children.filter(isAttestation),
    layers: descriptors(value['layers']),
  }
}

/** The descriptors of an answer of the referrers API; throws where it is no index. */
export const readReferrers = (text: string): Descriptor[] => {
  const value = parse(text)
  if (!value || !Array.isArray(value['manifests'])) throw new Error('the registry gave no list of referrers')
  return descriptors(value['manifests'])
}

/** Labels of an image configuration. */
export const readLabels = (text: string): Record<string, string> =>
  texts((parse(text)?.['config'] as Dict | undefined)?.['Labels'])

export const revisionOf = (annotations: Record<string, string>): string | null => {
  const found = annotations['org.opencontainers.image.revision']?.trim() ?? ''
  return /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(found) ? found : null
}

const parse = (text: string): Dict | null => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Dict) : null
  } catch {
    return null
  }
}

const texts = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(typeof value === 'object' && value !== null ? value : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  )

const most = 1_000

const descriptors = (value: unknown): Descriptor[] =>
  (Array.isArray(value) ? value.slice(0, most) : []).flatMap((one: Dict | null | undefined) => {
    if (typeof one !== 'object' || one === null || !isDigest(one['digest'])) return []
    const { os, architecture } = texts(one['platform'])
    return [
      {
        digest: one['digest'],
        mediaType: String(one['mediaType'] ?? ''),
        artifactType: String(one['artifactType'] ?? ''),
        annotations: texts(one['annotations']),
        platform: os ? `${os}/${architecture ?? ''}` : '',
      },
    ]
  })
