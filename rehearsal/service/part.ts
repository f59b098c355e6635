import { setPriority } from 'node:os'

/**
 * Runs a part of the bench in this process: `argv` is what follows `--part`, `bench …` or `version …`.
 * Each part is loaded only where it runs, which keeps the processes of the versions small.
 */
export async function runPart(argv: readonly string[]): Promise<void> {
  const [name, ...rest] = argv
  if (name === 'bench') {
    hurry()
    const { runBench } = await import('./bench-part.ts')
    return runBench(rest)
  }
  if (name === 'version') {
    hurry()
    const { runVersion } = await import('./version-part.ts')
    return runVersion(rest)
  }
  throw new Error(`There is no part ${name}; the parts are bench and version.`)
}

/** Traffic must not stutter because a job of the rehearsal computes; where the system allows it, it goes first. */
function hurry(): void {
  try {
    setPriority(-5)
  } catch {
    // Only a privileged user may; others share evenly.
  }
}
