import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { UsageError } from './arguments.ts'

export type OutputFolder = {
  path: string
  /** Where nobody named the folder, so that nobody would find it. */
  unnamed: boolean
  /** Removes it again, unless it was there before. */
  discard(): void
}

/** Makes sure that files can be written to the folder; without a name, to a new one below the system's. */
export const openOutput = (folder: string | null): OutputFolder => {
  try {
    const made = folder === null ? null : make(resolve(folder))
    const path = realpathSync(folder ?? mkdtempSync(join(realpathSync(tmpdir()), 'relman-release-')))
    const top = folder === null ? path : made
    writeFileSync(join(path, '.writable'), '')
    rmSync(join(path, '.writable'))
    const discard = () => {
      if (top !== null) rmSync(top, { recursive: true, force: true })
    }
    return { path, unnamed: folder === null, discard }
  } catch (error) {
    throw new UsageError(
      `--out ${folder ?? tmpdir()}: cannot be written (${(error as Error).message}); name another folder`,
    )
  }
}

/**
 * One folder after the other: `recursive` does not end where the system says that there is nothing to make it in, such
 * as below /proc. @returns the topmost that was made.
 */
const make = (folder: string): string | null => {
  if (existsSync(folder)) return null
  const above = make(dirname(folder))
  mkdirSync(folder)
  return above ?? folder
}
