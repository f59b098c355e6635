import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Proof } from '../../artifact/artifact-facts.ts'
import { ConfigurationError } from '../../config/configuration-error.ts'
import { cut } from '../../text/visible.ts'
import { hashFile } from './hash-file.ts'
import type { Verifier } from './verify.ts'
import { isLate } from './within.ts'

/** A large file takes its time; what is left of the patience ends it anyway. */
const patienceSeconds = 120

const present = (why: string): Proof => ({ state: 'present', how: `not verified: ${why}` })

/** What `gh` takes for a pattern, so that it means this very name. */
const literally = (name: string): string => name.replace(/[*?[\]\\]/g, '\\$&')

/**
 * Runs `verify` with a file of a release of this repository, fetched by `gh release download`, where its bytes have the digest that
 * GitHub tells of it. The copy is gone afterwards.
 */
export const withReleaseFile = async (
  { run, cwd, repository, token, signal }: Verifier,
  { tag, file, digest }: { tag: string; file: string; digest: string },
  verify: (path: string) => Promise<Proof>,
): Promise<Proof> => {
  const folder = await mkdtemp(join(tmpdir(), 'relman-release-'))
  try {
    const { code, stderr } = await run(
      ['gh', 'release', 'download', tag, '--repo', repository, '--pattern', literally(file), '--dir', folder],
      {
        cwd,
        timeoutSeconds: patienceSeconds,
        env: { GH_TOKEN: token, GH_PROMPT_DISABLED: '1' },
        ...(signal ? { signal } : {}),
      },
    )
    const said = cut(stderr.trim().split('\n').at(-1) ?? '', 200)
    if (code !== 0) return present(`gh release download ended with status ${code}${said ? `: ${said}` : ''}`)
    const found = await hashFile(folder, file)
    if (found !== digest) return present(`gh release download gave ${found ?? 'no such file'}`)
    return await verify(join(folder, file))
  } catch (error) {
    if (signal?.aborted && !isLate(signal.reason)) throw signal.reason
    if (error instanceof ConfigurationError) return present('gh is not on this machine')
    return present(error instanceof Error ? cut(error.message, 200) : 'it could not be fetched')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
