import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Proof } from '../../artifact/artifact-facts.ts'
import type { ArtifactAccess } from './artifact-access.ts'
import { type Credentials, credentialsOf } from './registry.ts'

/** GitHub's registry knows the token of the job; every other one only what the policy names. */
export const registryCredentials = (
  { policy, home, env, token, actor }: ArtifactAccess,
  host: string,
): Credentials | null => {
  const own = host === (policy.registry.host ?? home) ? credentialsOf(policy.registry, env) : null
  return own ?? (host === 'ghcr.io' && token !== '' ? { user: actor || 'relman', password: token } : null)
}

/** As clients of registries look for it (the configuration of Docker). */
const loginOf = (host: string, { user, password }: Credentials): string => {
  const name = /^(index\.)?docker\.io$/.test(host) ? 'https://index.docker.io/v1/' : host
  return JSON.stringify({
    auths: { [name]: { auth: Buffer.from(`${user}:${password}`).toString('base64') } },
  })
}

/**
 * Lets a program verify an image as this machine is logged in; where that verifies nothing, again with the user and password that this
 * job has for the registry, in a file that is gone afterwards. Never for a registry without TLS.
 */
export const withLogin = async (
  access: ArtifactAccess,
  host: string,
  verify: (env: Record<string, string>) => Promise<Proof>,
): Promise<Proof> => {
  const first = await verify({})
  const credentials = access.policy.registry.plain.includes(host) ? null : registryCredentials(access, host)
  if (first.state === 'verified' || credentials === null) return first
  const folder = await mkdtemp(join(tmpdir(), 'relman-login-'))
  try {
    await writeFile(join(folder, 'config.json'), loginOf(host, credentials), { mode: 0o600 })
    return await verify({ DOCKER_CONFIG: folder })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
