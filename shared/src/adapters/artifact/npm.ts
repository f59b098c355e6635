import type { ArtifactFacts } from '../../artifact/artifact-facts.ts'
import { type Request, request } from '../network/request.ts'

export type Published = Pick<ArtifactFacts, 'commit'> & {
  digest: string | null
  tarball: string | null
  /** Where the registry lists the attestations that it has; null where it has none. */
  attestations: string | null
}
type Access = Pick<Request, 'timeoutSeconds' | 'allowPrivate' | 'signal'> & { registry: string }

const limit = 8_000_000

/** One version of a package, as the registry knows it; null where there is none. @throws Error in one sentence */
export const readPackage = async (
  { registry, ...access }: Access,
  name: string,
  version: string,
): Promise<Published | null> => {
  const url = `${registry.replace(/\/+$/, '')}/${name.replace('/', '%2f')}/${encodeURIComponent(version)}`
  const answer = await request({
    url,
    headers: { accept: 'application/json' },
    limit,
    allowKey: 'artifacts.registry.allow',
    ...access,
  })
  if (answer.status === 404) return null
  if (answer.status !== 200) throw new Error(`${new URL(url).host} answered with HTTP ${answer.status}`)
  let value: Record<string, unknown>
  try {
    value = JSON.parse(answer.text)
  } catch {
    throw new Error(`${new URL(url).host} gave no JSON`)
  }
  const dist = (value?.['dist'] ?? {}) as Record<string, unknown>
  const commit = value?.['gitHead']
  return {
    digest: fromIntegrity(dist['integrity']),
    commit:
      typeof commit === 'string' && /^[0-9a-f]{40}$/.test(commit)
        ? { sha: commit, told: 'gitHead of the package' }
        : null,
    tarball: addressIn(dist['tarball']),
    attestations: addressIn((dist['attestations'] as { url?: unknown } | null | undefined)?.url),
  }
}

const addressIn = (value: unknown): string | null =>
  typeof value === 'string' && value.length < 2_000 && URL.canParse(value) ? value : null

/** `sha512-<base64>` (subresource integrity) as `sha512:<hexadecimal>`. */
const fromIntegrity = (integrity: unknown): string | null => {
  const [, base64 = ''] =
    typeof integrity === 'string' ? (/^sha512-([A-Za-z0-9+/]{86}==)$/.exec(integrity) ?? []) : []
  return base64 === '' ? null : `sha512:${Buffer.from(base64, 'base64').toString('hex')}`
}
