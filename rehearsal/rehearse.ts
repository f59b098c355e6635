import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { readArguments, UsageError, usage } from './command/arguments.ts'
import { runPart } from './service/part.ts'

const main = async (argv: readonly string[]): Promise<number> => {
  const given = readArguments(argv)
  if (!given) {
    console.log(usage)
    return 0
  }
  const { rehearse } = await import('./play/rehearse.ts')
  const own = given.config === null ? null : readOwn(given.config)
  const out = openOut(given.out)
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'relman-rehearsal-'))
  const tidy = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  process.once('exit', tidy)
  try {
    return await rehearse(given, own, folder, out, productRoot())
  } finally {
    tidy()
  }
}

/** The folder that holds `dist/`, the workflows and the actions: `node dist/rehearse` names the folder or its index.js. */
const productRoot = (): string => {
  const entry = realpathSync(process.argv[1] ?? '.')
  return resolve(entry, entry.endsWith('index.js') ? '../../..' : '../..')
}

const readOwn = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`--config ${file}: could not be read (${(error as Error).message})`)
  }
}

const openOut = (folder: string | null): string => {
  try {
    if (folder === null) return mkdtempSync(join(realpathSync(tmpdir()), 'relman-release-'))
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, '.writable'), '')
    rmSync(join(folder, '.writable'))
    return realpathSync(folder)
  } catch (error) {
    throw new UsageError(`--out ${folder}: cannot be written (${(error as Error).message})`)
  }
}

if (process.argv[2] === '--part') await runPart(process.argv.slice(3))
else {
  main(process.argv.slice(2)).then(
    (status) => process.exit(status),
    (error: unknown) => {
      console.error(
        error instanceof UsageError
          ? error.message
          : `rehearse: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      )
      process.exit(1)
    },
  )
}
