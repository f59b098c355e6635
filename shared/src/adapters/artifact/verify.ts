import type { Proof } from '../../artifact/artifact-facts.ts'
import type { ArtifactsPolicy } from '../../config/artifact-policy.ts'
import { ConfigurationError } from '../../config/configuration-error.ts'
import type { RunProcess } from '../../ports/process.ts'
import { cut } from '../../text/visible.ts'

export type Verifier = {
  run: RunProcess
  cwd: string
  signer: ArtifactsPolicy['signer']
  /** owner/name of the repository that must have attested. */
  repository: string
  token: string
  signal?: AbortSignal | undefined
}

/** Downloads its roots of trust at the first call. */
const patienceSeconds = 60

/**
 * Asks `gh attestation verify` about an image (`oci://name@digest`) or a file. `predicate`: of which kind; provenance when
 * null. Verified only where it ends with status 0 and names a verified statement: some versions end with 0 where there is
 * no attestation at all (GO-2025-3467).
 */
export const verifyAttestation = async (
  { run, cwd, signer, repository, token, signal }: Verifier,
  subject: string,
  predicate: string | null,
): Promise<Proof> => {
  const command = ['gh', 'attestation', 'verify', subject, '--repo', repository, '--format', 'json']
  if (signer.workflow) command.push('--signer-workflow', signer.workflow)
  if (predicate) command.push('--predicate-type', predicate)
  return judge(
    'gh attestation verify',
    command,
    'not verified',
    async (every) =>
      run(every, {
        cwd,
        timeoutSeconds: patienceSeconds,
        env: { GH_TOKEN: token, GH_PROMPT_DISABLED: '1' },
        ...(signal ? { signal } : {}),
      }),
    signal,
  )
}

/** Asks `cosign verify` about an image by its digest; null where the policy names no signer of cosign. */
export const verifySignature = async (
  { run, cwd, signer, signal }: Verifier,
  image: string,
): Promise<Proof | null> => {
  const { key, identity, issuer } = signer
  const whose = key
    ? ['--key', key]
    : identity && issuer
      ? ['--certificate-identity', identity, '--certificate-oidc-issuer', issuer]
      : null
  if (!whose) return null
  return judge(
    'cosign verify',
    ['cosign', 'verify', '--output', 'json', ...whose, image],
    'not verified',
    async (every) => run(every, { cwd, timeoutSeconds: patienceSeconds, ...(signal ? { signal } : {}) }),
    signal,
  )
}

/** A program that is not here, or does not answer, verifies nothing and refuses nothing. */
const judge = async (
  what: string,
  command: readonly string[],
  otherwise: string,
  run: (command: readonly string[]) => ReturnType<RunProcess>,
  signal: AbortSignal | undefined,
): Promise<Proof> => {
  try {
    const { code, stdout, stderr } = await run(command)
    if (code === 0 && isList(stdout)) return { state: 'verified', how: `by ${what}` }
    const said = cut(stderr.trim().split('\n').at(-1) ?? '', 200)
    return {
      state: code === 0 ? 'present' : 'refused',
      how:
        code === 0
          ? `${otherwise}: ${what} named nothing that it verified`
          : `${what} ended with status ${code}${said ? `: ${said}` : ''}`,
    }
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    const why =
      error instanceof ConfigurationError
        ? `${command[0]} is not on this machine`
        : error instanceof Error
          ? cut(error.message, 200)
          : ''
    return { state: 'present', how: `${otherwise}: ${why}` }
  }
}

/** Both programs print a list with what they verified. */
const isList = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.length > 0
  } catch {
    return false
  }
}
