import { type ArtifactFacts, notKnown, type Proof } from '../../artifact/artifact-facts.ts'
import { kindOfPredicate, presence } from '../../artifact/proofs.ts'
import type { ArtifactAsk } from '../../ports/artifacts.ts'
import type { ArtifactAccess, Source } from './artifact-access.ts'
import { withLogin } from './registry-login.ts'
import { withReleaseFile } from './release-file.ts'
import { withUpload } from './upload-archive.ts'
import { hasSigner, type Verifier, verifyAttestation, verifySignature } from './verify.ts'
import { within } from './within.ts'

/** What is known of signature and bill of materials, checked where a program for it is here. */
export const proven = async (
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
  const statements = await attestationsOf(access, source.attestedAs ?? digest, unasked)
  for (const { predicate } of statements)
    found.push({ what: kindOfPredicate(predicate), where: 'an attestation on GitHub', predicate })
  const commit = known.commit ?? statements.map(({ commit }) => commit).find((sha) => sha !== null) ?? null
  return {
    ...known,
    commit: typeof commit === 'string' ? { sha: commit, told: 'an attestation on GitHub' } : commit,
    signature: await verified(
      access,
      source,
      digest,
      presence(found, 'signature', unasked),
      null,
      statements.length > 0,
    ),
    sbom: await verified(
      access,
      source,
      digest,
      presence(found, 'sbom', unasked),
      statements.find(({ predicate }) => kindOfPredicate(predicate) === 'sbom')?.predicate ?? '',
      statements.length > 0,
    ),
  }
}

const attestationsOf = async ({ github, signal }: ArtifactAccess, digest: string, unasked: string[]) => {
  if (!github) {
    unasked.push('there is no github-token, so GitHub was not asked for attestations')
    return []
  }
  if (!digest.startsWith('sha256:')) return []
  try {
    return await within(signal, () => github.attestations(digest))
  } catch (error) {
    unasked.push(error instanceof Error ? error.message : String(error))
    return []
  }
}

/** `predicate`: null for the signature as such, '' where no statement on GitHub says it, else which one. */
const verified = async (
  access: ArtifactAccess,
  { subject = null, attestedAs }: Source,
  digest: string,
  seen: Proof,
  predicate: string | null,
  attested: boolean,
): Promise<Proof> => {
  if (seen.state !== 'present' || predicate === '' || subject === null) return seen
  const { run, folder: cwd, policy, policyFile, repository, token, signal } = access
  const verifier: Verifier = { run, cwd, signer: policy.signer, policyFile, repository, token, signal }
  if (subject.kind === 'image') {
    const { name, host } = subject
    const byCosign =
      predicate === null && hasSigner(policy.signer)
        ? await withLogin(access, host, (env) =>
            verifySignature({ ...verifier, env }, { subject: name, digest }),
          )
        : null
    if (byCosign?.state === 'verified' || byCosign?.state === 'refused') return byCosign
    if (!attested)
      return byCosign
        ? together(seen, byCosign)
        : predicate === null
          ? because(seen, 'artifacts.signer names nobody whose signature counts for cosign')
          : seen
    const question = { subject: `oci://${name}`, digest }
    const byGh = await withLogin(access, host, (env) =>
      verifyAttestation({ ...verifier, env }, question, predicate),
    )
    if (byGh.state !== 'present') return byGh
    return together(seen, byCosign ? { ...byGh, how: `${byCosign.how}; ${byGh.how}` } : byGh)
  }
  if (subject.kind === 'release' || subject.kind === 'upload') {
    const { github } = access
    if (!attested || !github) return seen
    const verify = (path: string) => verifyAttestation(verifier, { subject: path, digest }, predicate)
    const byGh = await (subject.kind === 'release'
      ? withReleaseFile(verifier, { ...subject, digest }, verify)
      : withUpload(github, { ...subject, digest }, signal, verify))
    return byGh.state === 'present' ? together(seen, byGh) : byGh
  }
  const { path, bundle } = subject
  if (!attested && bundle === null) return seen
  const byGh = attested
    ? await verifyAttestation(verifier, { subject: path, digest: attestedAs ?? digest }, predicate)
    : await verifyAttestation(verifier, { subject: path, digest, bundle }, predicate)
  return byGh.state === 'present' ? together(seen, byGh) : byGh
}

/** What was found, with what a program said of it: that begins with "not verified". */
const together = (seen: Proof, asked: Proof): Proof => ({
  ...seen,
  how: `${seen.how.replace(/; not verified$/, '')}; ${asked.how}`,
})

const because = (seen: Proof, why: string): Proof =>
  together(seen, { state: 'present', how: `not verified: ${why}` })
