import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Proof } from '../../artifact/artifact-facts.ts'
import type { GitHubArtifacts } from '../../ports/github-artifacts.ts'
import { cut } from '../../text/visible.ts'
import { digestOf } from './registry.ts'
import { isLate, within } from './within.ts'

const present = (why: string): Proof => ({ state: 'present', how: `not verified: ${why}` })

/**
 * Runs `verify` with the archive of an upload, as `actions/upload-artifact` made it and GitHub keeps it, where its bytes have the
 * digest that GitHub tells of it. The copy is gone afterwards.
 */
export const withUpload = async (
  github: GitHubArtifacts,
  { id, digest }: { id: number; digest: string },
  signal: AbortSignal | undefined,
  verify: (path: string) => Promise<Proof>,
): Promise<Proof> => {
  const folder = await mkdtemp(join(tmpdir(), 'relman-upload-'))
  try {
    const bytes = await within(signal, () => github.archive(id))
    if (digestOf(bytes) !== digest) return present('GitHub gave another archive than it told the digest of')
    const path = join(folder, 'upload.zip')
    await writeFile(path, bytes)
    return await verify(path)
  } catch (error) {
    if (signal?.aborted && !isLate(signal.reason)) throw signal.reason
    return present(error instanceof Error ? cut(error.message, 200) : 'it could not be fetched')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
