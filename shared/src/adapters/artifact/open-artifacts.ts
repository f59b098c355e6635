import { type ArtifactFacts, unread } from '../../artifact/artifact-facts.ts'
import { isDigest } from '../../artifact/digest.ts'
import { manifestTypes, readManifest } from '../../artifact/manifest.ts'
import type { Found } from '../../artifact/proofs.ts'
import { fillReference, type Reference, readReference } from '../../artifact/reference.ts'
import type { ArtifactsPolicy } from '../../config/artifact-policy.ts'
import type { ArtifactAsk, Artifacts } from '../../ports/artifacts.ts'
import { cut } from '../../text/visible.ts'
import type { ArtifactAccess, Source } from './artifact-access.ts'
import { hashFile } from './hash-file.ts'
import { findProofs, findTag, readCommit } from './image.ts'
import { type Published, readPackage } from './npm.ts'
import { fetchTarball } from './npm-tarball.ts'
import { proven } from './prove.ts'
import { openRegistry } from './registry.ts'
import { registryCredentials } from './registry-login.ts'
import { deadline, within } from './within.ts'

/**
 * Artifacts wherever the configuration says that they lie. The time for all of them begins with the first look; each has a
 * time of its own. What is not learnt by then is not known.
 */
export const openArtifacts = (access: ArtifactAccess): Artifacts => {
  /** Registries that do not answer at all: each further question would wait as long again. */
  const silent = new Map<string, string>()
  const { each, all } = access.policy.patience
  let end: AbortSignal | undefined
  return {
    look: (ask) => {
      end ??= deadline(all, `looking for artifacts took longer than ${all} s (artifacts.patience.all)`)
      const own = deadline(each, `looking for it took longer than ${each} s (artifacts.patience.each)`)
      const signals = [access.signal, end, own].filter((one) => one !== undefined)
      return lookFor({ ...access, signal: AbortSignal.any(signals) }, access.signal, silent, ask)
    },
  }
}

const noAnswer = /did not answer within|connection refused|cannot be resolved|connection was cut/

/** `job` ends everything; the signal of `access` ends this look, too. */
const lookFor = async (
  access: ArtifactAccess,
  job: AbortSignal | undefined,
  silent: Map<string, string>,
  ask: ArtifactAsk,
): Promise<ArtifactFacts> => {
  const reference = readReference(ask.reference, ask.named)
  const about = {
    reference: ask.reference,
    wanted: ask.digest,
    name: cut(fillReference(ask.reference, ask.named), 300),
    kind: reference.kind,
    version: ask.named.version,
  }
  if (reference.kind === 'other') return unread(about, 'not-asked', reference.why)
  const place = reference.kind === 'image' ? reference.host : reference.kind
  const known = silent.get(place)
  if (known !== undefined) return unread(about, 'unread', known)
  try {
    access.signal?.throwIfAborted()
    const source = await read(access, ask, reference)
    if (!source || (source.digest === null && source.pointed === null))
      return { ...unread(about, 'gone', missing(reference, ask)), pointer: source?.pointer ?? null }
    return { ...about, ...(await proven(access, ask, source).finally(() => source.close?.())) }
  } catch (error) {
    if (job?.aborted) throw job.reason
    const why = cut(error instanceof Error ? error.message : String(error), 400)
    if (noAnswer.test(why)) silent.set(place, why)
    return unread(about, 'unread', why)
  }
}

const missing = (reference: Reference, { digest, named }: ArtifactAsk): string => {
  if (digest !== null) return `its source has nothing with the digest ${digest}`
  if (reference.kind === 'image') return `the registry has no tag ${reference.tags.join(' or ')}`
  if (reference.kind === 'release-asset')
    return `the release ${named.tag} does not exist or has no such file with a digest`
  if (reference.kind === 'workflow-artifact')
    return `no run of commit ${named.sha.slice(0, 7)} has an upload of that name with a digest that has not expired`
  if (reference.kind === 'npm') return `the registry of npm has no version ${named.version} of it`
  return 'there is no such file in the checkout'
}

const read = async (
  access: ArtifactAccess,
  ask: ArtifactAsk,
  reference: Reference,
): Promise<Source | null> => {
  const { github, signal } = access
  const { tag, sha, version } = ask.named
  const pointed = (digest: string | null, pointer: string, more: Partial<Source> = {}): Source | null => {
    if (digest === null) return null
    const wanted = ask.digest
    return {
      digest: wanted === null || wanted === digest ? digest : null,
      from: pointer,
      pointer,
      pointed: digest,
      ...more,
    }
  }
  if (reference.kind === 'image') return readImage(access, ask, reference)
  if (reference.kind === 'file')
    return pointed(
      await within(signal, () => hashFile(access.folder, reference.path)),
      `the file ${reference.path}`,
      {
        subject: { kind: 'file', path: `./${reference.path}`, bundle: null },
      },
    )
  if (reference.kind === 'npm') {
    const [found, proofs] = await readNpm(access, reference.label, ask)
    if (!found) return null
    const attested: Found[] = found.attestations
      ? [{ what: 'provenance', where: 'the registry of npm', predicate: null }]
      : []
    return pointed(found.digest, `version ${version}`, { commit: found.commit, found: attested, ...proofs })
  }
  if (!github) throw new Error('there is no github-token, so GitHub was not asked')
  if (reference.kind === 'release-asset')
    return pointed(
      (await within(signal, () => github.asset(tag, reference.file)))?.digest ?? null,
      `the release ${tag}`,
      { subject: { kind: 'release', tag, file: reference.file } },
    )
  if (reference.kind !== 'workflow-artifact') return null
  const upload = await within(signal, () => github.upload(reference.label, sha))
  return pointed(upload?.digest ?? null, `an upload of commit ${sha.slice(0, 7)}`, {
    commit: { sha, told: 'the run that uploaded it' },
    subject: upload && { kind: 'upload', id: upload.id },
  })
}

/**
 * A version of a package; where proofs are wanted with the package itself, for programs that verify files. Where that cannot be
 * had it is said, and nothing is verified.
 */
const readNpm = async (
  { policy, env, signal }: ArtifactAccess,
  name: string,
  { proofs, named }: ArtifactAsk,
): Promise<[Published | null, Partial<Source>]> => {
  const npm = policy.registry.npm ?? env['npm_config_registry'] ?? ''
  if (!URL.canParse(npm))
    throw new Error('name the registry that packages of npm lie in (artifacts.registry.npm)')
  const way = {
    timeoutSeconds: policy.registry.timeout,
    allowPrivate: allows(policy),
    ...(signal ? { signal } : {}),
  }
  const found = await readPackage({ registry: npm, ...way }, name, named.version)
  if (!found || !proofs) return [found, {}]
  try {
    const { file, sha256, bundle, close } = await fetchTarball(way, found)
    return [found, { subject: { kind: 'file', path: file, bundle }, attestedAs: sha256, close }]
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return [found, { unasked: [`its tarball was not read: ${why}`] }]
  }
}

const allows =
  ({ registry }: ArtifactsPolicy) =>
  (host: string, port: string): boolean =>
    [...registry.allow, ...registry.plain].some((one) => one === host || one === `${host}:${port}`)

const readImage = async (
  access: ArtifactAccess,
  ask: ArtifactAsk,
  reference: Extract<Reference, { kind: 'image' }>,
): Promise<Source | null> => {
  const { policy, signal } = access
  const { host, repository, tags } = reference
  const registry = openRegistry({
    host,
    repository,
    plain: policy.registry.plain.includes(host),
    timeoutSeconds: policy.registry.timeout,
    allowPrivate: allows(policy),
    credentials: registryCredentials(access, host),
    realms: policy.registry.realms,
    ...(signal ? { signal } : {}),
  })
  const wanted = ask.digest ?? reference.digest
  if (wanted !== null && !isDigest(wanted))
    throw new Error(`what follows @ in ${cut(ask.reference, 200)} is no digest of sha256 or sha512`)
  const tagged = await findTag(registry, tags)
  const fetched =
    wanted === null
      ? tagged?.fetched
      : wanted === tagged?.fetched.digest
        ? tagged.fetched
        : await registry.manifest(wanted, manifestTypes)
  const source = {
    from: tagged && tagged.fetched.digest === fetched?.digest ? `the tag ${tagged.tag}` : 'its digest',
    pointer: tagged?.tag ?? null,
    pointed: tagged?.fetched.digest ?? null,
  }
  if (!fetched) return { ...source, digest: null }
  const manifest = readManifest(fetched.text, fetched.mediaType)
  if (!ask.proofs) return { ...source, digest: fetched.digest }
  const unasked: string[] = []
  const commit = await readCommit(registry, manifest).catch((error: unknown) => {
    unasked.push(`the commit was not read: ${error instanceof Error ? error.message : String(error)}`)
    return null
  })
  const proofs = await findProofs(registry, fetched.digest, manifest)
  return {
    ...source,
    digest: fetched.digest,
    commit,
    found: proofs.found,
    unasked: [...unasked, ...proofs.unasked],
    subject: { kind: 'image', name: `${host}/${repository}@${fetched.digest}`, host },
  }
}
