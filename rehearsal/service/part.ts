/**
 * Runs a part of the bench in this process: `argv` is what follows `--part`, `bench …` or `version …`.
 * Each part is loaded only where it runs, which keeps the processes of the versions small.
 */
export async function runPart(argv: readonly string[]): Promise<void> {
  const [name, ...rest] = argv
  if (name === 'bench') {
    const { runBench } = await import('./bench-part.ts')
    return runBench(rest)
  }
  if (name === 'version') {
    const { runVersion } = await import('./version-part.ts')
    return runVersion(rest)
  }
  throw new Error(`There is no part ${name}; the parts are bench and version.`)
}
