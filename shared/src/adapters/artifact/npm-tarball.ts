import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Request, request } from '../network/request.ts'
import type { Published } from './npm.ts'
import { digestOf } from './registry.ts'

type Access = Pick<Request, 'timeoutSeconds' | 'allowPrivate' | 'signal'>

/** A package on this machine for as long as it is looked at, with the provenance that its registry has of it. */
export type Tarball = {
  file: string
  /** GitHub knows attestations of files by this digest. */
  sha256: string
  /** Statements of the registry that are signed, one a line; null where it has none. */
  bundle: string | null
  close: () => Promise<void>
}

const tarballLimit = 64_000_000
const bundleLimit = 8_000_000
const provenance = /^https:\/\/slsa\.dev\/provenance\//

/** Fetches what the registry serves under a digest. @throws Error in one sentence, also where the bytes are others */
export const fetchTarball = async (
  access: Access,
  { tarball, attestations, digest }: Published,
): Promise<Tarball> => {
  if (tarball === null || digest === null) throw new Error('the registry of npm names no tarball of it')
  const { bytes } = await fetched(access, tarball, tarballLimit)
  if (digestOf(bytes, 'sha512') !== digest)
    throw new Error(`${new URL(tarball).host} served other bytes than its integrity says: do not trust it`)
  const bundles = attestations === null ? [] : signed((await fetched(access, attestations, bundleLimit)).text)
  const folder = await mkdtemp(join(tmpdir(), 'relman-package-'))
  const [file, bundle] = [join(folder, 'package.tgz'), join(folder, 'provenance.jsonl')]
  await writeFile(file, bytes)
  if (bundles.length > 0) await writeFile(bundle, bundles.map((one) => `${JSON.stringify(one)}\n`).join(''))
  return {
    file,
    sha256: digestOf(bytes),
    bundle: bundles.length > 0 ? bundle : null,
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

const fetched = async (access: Access, url: string, limit: number) => {
  const answer = await request({ url, limit, allowKey: 'artifacts.registry.allow', ...access })
  if (answer.status !== 200) throw new Error(`${new URL(url).host} answered with HTTP ${answer.status}`)
  return answer
}

/** The bundles of Sigstore in the registry's list that state where the package was built. */
const signed = (text: string): object[] => {
  let value: { attestations?: unknown }
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error('the registry of npm gave no JSON for its attestations')
  }
  const all = Array.isArray(value?.attestations) ? value.attestations.slice(0, 20) : []
  return all.flatMap((one: { predicateType?: unknown; bundle?: unknown } | null) =>
    provenance.test(String(one?.predicateType)) && typeof one?.bundle === 'object' && one.bundle !== null
      ? [one.bundle]
      : [],
  )
}
