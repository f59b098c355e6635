import type { Proof } from '../../artifact/artifact-facts.ts'
import type { ArtifactsPolicy } from '../../config/artifact-policy.ts'
import { ConfigurationError } from '../../config/configuration-error.ts'
import type { RunProcess } from '../../ports/process.ts'
import { cut } from '../../text/visible.ts'
import { withKey } from './policy-key.ts'
import { isLate } from './within.ts'

export type Verifier = {
  run: RunProcess
  cwd: string
  signer: ArtifactsPolicy['signer']
  policyFile: (path: string) => Promise<string | null>
  /** owner/name of the repository that must have attested. */
  repository: string
  token: string
  /** More variables for the program. */
  env?: Record<string, string>
  signal?: AbortSignal | undefined
}

/** What is asked about, as the program wants it, and the digest that its answer must be about. */
export type Question = {
  subject: string
  digest: string
  /** Signed statements in a file, in place of those that GitHub has. */
  bundle?: string | null
}

/** Downloads its roots of trust at the first call. */
const patienceSeconds = 60

/**
 * Asks `gh attestation verify` about an image (`oci://name@digest`) or a file. `predicate`: of which kind; provenance when
 * null. Verified only where it ends with status 0 and names a statement about this digest: some versions end with 0 where
 * there is no attestation at all (GO-2025-3467).
 */
export const verifyAttestation = async (
  { run, cwd, signer, repository, token, env: more = {}, signal }: Verifier,
  { subject, digest, bundle = null }: Question,
  predicate: string | null,
): Promise<Proof> => {
  const command = ['gh', 'attestation', 'verify', subject, '--repo', repository, '--format', 'json']
  if (signer.workflow) command.push('--signer-workflow', signer.workflow)
  if (predicate) command.push('--predicate-type', predicate)
  if (bundle)
    command.push('--bundle', bundle, '--digest-alg', digest.startsWith('sha512:') ? 'sha512' : 'sha256')
  const env = { ...more, GH_TOKEN: token, GH_PROMPT_DISABLED: '1' }
  return judge('gh attestation verify', digest, signal, () =>
    run(command, { cwd, timeoutSeconds: patienceSeconds, env, ...(signal ? { signal } : {}) }),
  )
}

/** Whether the policy names a signer of cosign: a key, or an identity with its issuer. */
export const hasSigner = ({ key, identity, issuer }: Verifier['signer']): boolean =>
  Boolean(key || (identity && issuer))

/** Asks `cosign verify` about an image by its digest, where the policy names a signer. */
export const verifySignature = async (verifier: Verifier, subject: Question): Promise<Proof> => {
  const { key, identity, issuer } = verifier.signer
  if (key) return withKey(verifier, key, (path) => cosign(verifier, subject, ['--key', path]))
  const whose = ['--certificate-identity', identity ?? '', '--certificate-oidc-issuer', issuer ?? '']
  return cosign(verifier, subject, whose)
}

const cosign = (
  { run, cwd, env = {}, signal }: Verifier,
  { subject: image, digest }: Question,
  whose: string[],
): Promise<Proof> =>
  judge('cosign verify', digest, signal, () =>
    run(['cosign', 'verify', '--output', 'json', ...whose, image], {
      cwd,
      env,
      timeoutSeconds: patienceSeconds,
      ...(signal ? { signal } : {}),
    }),
  )

/** A program that is not here, has no right to read, or does not answer, verifies nothing and refuses nothing. */
const judge = async (
  what: string,
  digest: string,
  signal: AbortSignal | undefined,
  run: () => ReturnType<RunProcess>,
): Promise<Proof> => {
  const present = (why: string): Proof => ({ state: 'present', how: `not verified: ${why}` })
  try {
    const { code, stdout, stderr } = await run()
    if (code === 0 && isAbout(stdout, digest)) return { state: 'verified', how: `by ${what}` }
    if (code === 0) return present(`${what} named nothing of this digest that it verified`)
    const said = cut(stderr.trim().split('\n').at(-1) ?? '', 200)
    const ended = `${what} ended with status ${code}${said ? `: ${said}` : ''}`
    // Of gh: cancelled, and authentication required.
    return code === 2 || code === 4 ? present(ended) : { state: 'refused', how: ended }
  } catch (error) {
    if (signal?.aborted && !isLate(signal.reason)) throw signal.reason
    if (error instanceof ConfigurationError) return present(`${what.split(' ')[0]} is not on this machine`)
    return present(error instanceof Error ? cut(error.message, 200) : 'it could not be run')
  }
}

/** Both programs print a list of what they verified, which names the digest that each statement is about. */
const isAbout = (text: string, digest: string): boolean => {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.length > 0 && text.includes(digest.slice(digest.indexOf(':') + 1))
  } catch {
    return false
  }
}
