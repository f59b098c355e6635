import { type ArtifactFacts, notKnown, type Proof } from '../../artifact/artifact-facts.ts'
import { kindOfPredicate, presence } from '../../artifact/proofs.ts'
import type { ArtifactAsk } from '../../ports/artifacts.ts'
import type { ArtifactAccess, Source } from './artifact-access.ts'
import { type Verifier, verifyAttestation, verifySignature } from './verify.ts'

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
      digest,
      presence(found, 'signature', unasked),
      null,
      statements.length > 0,
    ),
    sbom: await verified(
      access,
      subject,
      digest,
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
  digest: string,
  seen: Proof,
  predicate: string | null,
  attested: boolean,
): Promise<Proof> => {
  if (seen.state !== 'present' || subject === null || predicate === '') return seen
  const { run, folder: cwd, policy, repository, token, signal } = access
  const verifier: Verifier = { run, cwd, signer: policy.signer, repository, token, signal }
  const image = subject.includes('@sha')
  const byCosign = image && predicate === null ? await verifySignature(verifier, { subject, digest }) : null
  if (byCosign?.state === 'verified' || byCosign?.state === 'refused') return byCosign
  if (!attested)
    return byCosign ? { ...seen, how: `${seen.how.replace(/; not verified$/, '')}; ${byCosign.how}` } : seen
  const byGh = await verifyAttestation(
    verifier,
    { subject: image ? `oci://${subject}` : `./${subject}`, digest },
    predicate,
  )
  return byGh.state === 'present'
    ? { ...seen, how: `${seen.how.replace(/; not verified$/, '')}; ${byGh.how}` }
    : byGh
}
