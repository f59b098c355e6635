import { type ArtifactFacts, notKnown, type Proof, unread } from '../../artifact/artifact-facts.ts'
import { isDigest } from '../../artifact/digest.ts'
import { manifestTypes, readManifest } from '../../artifact/manifest.ts'
import { type Found, kindOfPredicate, presence } from '../../artifact/proofs.ts'
import { fillReference, type Reference, readReference } from '../../artifact/reference.ts'
import type { ArtifactsPolicy } from '../../config/artifact-policy.ts'
import type { ArtifactAsk, Artifacts } from '../../ports/artifacts.ts'
import type { GitHubArtifacts } from '../../ports/github-artifacts.ts'
import type { RunProcess } from '../../ports/process.ts'
import { cut } from '../../text/visible.ts'
import { hashFile } from './hash-file.ts'
import { findProofs, findTag, readCommit } from './image.ts'
import { readPackage } from './npm.ts'
import { type Credentials, credentialsOf, openRegistry } from './registry.ts'
import { type Verifier, verifyAttestation, verifySignature } from './verify.ts'

export type ArtifactAccess = {
  policy: ArtifactsPolicy
  env: Record<string, string | undefined>
  folder: string
  repository: string
  token: string
  actor: string
  /** null without a token. */
  github: GitHubArtifacts | null
  run: RunProcess
  signal?: AbortSignal | undefined
}

/** What a source says before anything is looked for beside the artifact. */
type Source = {
  digest: string | null
  from: string
  pointer: string | null
  pointed: string | null
  commit?: ArtifactFacts['commit']
  found?: Found[]
  unasked?: string[]
  /** What `gh` and `cosign` are asked about; null where they take no such thing. */
  subject?: string | null
}

/** Artifacts wherever the configuration says that they lie. */
export const openArtifacts = (access: ArtifactAccess): Artifacts => ({
  look: async (ask) => {
    const reference = readReference(ask.reference, ask.named)
    const about = {
      reference: ask.reference,
      wanted: ask.digest,
      name: cut(fillReference(ask.reference, ask.named), 300),
      kind: reference.kind,
      version: ask.named.version,
    }
    if (reference.kind === 'other') return unread(about, 'not-asked', reference.why)
    try {
      const source = await read(access, ask, reference)
      if (!source || (source.digest === null && source.pointed === null))
        return { ...unread(about, 'gone', missing(reference, ask)), pointer: source?.pointer ?? null }
      return { ...about, ...(await proven(access, ask, source)) }
    } catch (error) {
      if (access.signal?.aborted) throw access.signal.reason
      return unread(about, 'unread', cut(error instanceof Error ? error.message : String(error), 400))
    }
  },
})

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
  const { github, policy, signal } = access
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
    return pointed(await hashFile(access.folder, reference.path), `the file ${reference.path}`, {
      subject: reference.path,
    })
  if (reference.kind === 'npm') {
    const npm = policy.registry.npm ?? access.env['npm_config_registry'] ?? ''
    if (!URL.canParse(npm))
      throw new Error('name the registry that packages of npm lie in (artifacts.registry.npm)')
    const found = await readPackage(
      {
        registry: npm,
        timeoutSeconds: policy.registry.timeout,
        allowPrivate: allows(policy),
        ...(signal ? { signal } : {}),
      },
      reference.label,
      version,
    )
    if (!found) return null
    const attested: Found[] = found.attested
      ? [{ what: 'provenance', where: 'the registry of npm', predicate: null }]
      : []
    return pointed(found.digest, `version ${version}`, { commit: found.commit, found: attested })
  }
  if (!github) throw new Error('there is no github-token, so GitHub was not asked')
  if (reference.kind === 'release-asset')
    return pointed((await github.asset(tag, reference.file))?.digest ?? null, `the release ${tag}`)
  if (reference.kind !== 'workflow-artifact') return null
  const upload = await github.upload(reference.label, sha)
  return pointed(upload?.digest ?? null, `an upload of commit ${sha.slice(0, 7)}`, {
    commit: { sha, told: 'the run that uploaded it' },
  })
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
    credentials: credentials(access, host),
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
    subject: `${host}/${repository}@${fetched.digest}`,
  }
}

/** GitHub's registry knows the token of the job; every other one only what the policy names. */
const credentials = ({ policy, env, token, actor }: ArtifactAccess, host: string): Credentials | null => {
  const own = credentialsOf(policy.registry, env)
  return own ?? (host === 'ghcr.io' && token !== '' ? { user: actor || 'relman', password: token } : null)
}

/** What is known of signature and bill of materials, checked where a program for it is here. */
const proven = async (
  access: ArtifactAccess,
  { proofs, digest: wanted }: ArtifactAsk,
  source: Source,
): Promise<Omit<ArtifactFacts, 'reference' | 'wanted' | 'name' | 'kind' | 'version'>> => {
  const { digest, from, pointer, pointed } = source
  const known = {
    digest: digest,
    from,
    pointer,
    pointed,
    state: digest === null ? ('gone' as const) : ('there' as const),
    why:
      digest === null
        ? `its source has nothing with the digest ${wanted}; ${pointer} leads to ${pointed}`
        : '',
    commit: source.commit ?? null,
  }
  const unasked = [...(source.unasked ?? [])]
  if (!proofs || digest === null)
    return { ...known, signature: notKnown('it was not looked for'), sbom: notKnown('it was not looked for') }
  const found = [...(source.found ?? [])]
  const statements = await attestationsOf(access, digest, unasked)
  for (const { predicate } of statements)
    found.push({ what: kindOfPredicate(predicate), where: 'an attestation on GitHub', predicate })
  const commit = known.commit ?? statements.map(({ commit }) => commit).find((sha) => sha !== null) ?? null
  const subject = source.subject ?? null
  return {
    ...known,
    commit: typeof commit === 'string' ? { sha: commit, told: 'an attestation on GitHub' } : commit,
    signature: await verified(
      access,
      subject,
      presence(found, 'signature', unasked),
      null,
      statements.length > 0,
    ),
    sbom: await verified(
      access,
      subject,
      presence(found, 'sbom', unasked),
      statements.find(({ predicate }) => kindOfPredicate(predicate) === 'sbom')?.predicate ?? '',
      statements.length > 0,
    ),
  }
}

const attestationsOf = async ({ github }: ArtifactAccess, digest: string, unasked: string[]) => {
  if (!github) {
    unasked.push('there is no github-token, so GitHub was not asked for attestations')
    return []
  }
  if (!digest.startsWith('sha256:')) return []
  try {
    return await github.attestations(digest)
  } catch (error) {
    unasked.push(error instanceof Error ? error.message : String(error))
    return []
  }
}

/** `predicate`: null for the signature as such, '' where no statement on GitHub says it, else which one. */
const verified = async (
  access: ArtifactAccess,
  subject: string | null,
  seen: Proof,
  predicate: string | null,
  attested: boolean,
): Promise<Proof> => {
  if (seen.state !== 'present' || subject === null || predicate === '') return seen
  const { run, folder: cwd, policy, repository, token, signal } = access
  const verifier: Verifier = { run, cwd, signer: policy.signer, repository, token, signal }
  const image = subject.includes('@sha')
  const byCosign = image && predicate === null ? await verifySignature(verifier, subject) : null
  if (byCosign?.state === 'verified' || byCosign?.state === 'refused') return byCosign
  if (!attested)
    return byCosign ? { ...seen, how: `${seen.how.replace(/; not verified$/, '')}; ${byCosign.how}` } : seen
  const byGh = await verifyAttestation(verifier, image ? `oci://${subject}` : subject, predicate)
  return byGh.state === 'present'
    ? { ...seen, how: `${seen.how.replace(/; not verified$/, '')}; ${byGh.how}` }
    : byGh
}
