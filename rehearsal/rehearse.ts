import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { readArguments, UsageError, usage } from './command/arguments.ts'
import { InterruptedError, listenForEnd } from './command/ending.ts'
import { type OutputFolder, openOutput } from './command/output-folder.ts'
import { failureDocument, failureOf } from './outcome/failure.ts'
import { openGuard } from './runner/process/guard.ts'
import { runPart } from './service/part.ts'

const main = async (argv: readonly string[]): Promise<number> => {
  const given = readArguments(argv)
  if (!given) {
    console.log(usage)
    return 0
  }
  const ending = listenForEnd()
  const { rehearse } = await import('./play/rehearse.ts')
  const own = given.config === null ? null : readOwn(given.config)
  const out = openOutput(given.out)
  const folder = openWorkFolder()
  const guard = openGuard(folder)
  const tidy = () => {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    } catch {
      // A git that was interrupted still wrote: the guard removes the rest.
    }
  }
  process.once('exit', tidy)
  try {
    return await rehearse(given, { own, folder, out: out.path, product: productRoot(), guard, ending })
  } catch (error) {
    if (isWorthNothing(error, out)) out.discard()
    throw error
  } finally {
    tidy()
  }
}

const isWorthNothing = (error: unknown, out: OutputFolder): boolean =>
  error instanceof UsageError || (error instanceof InterruptedError && out.unnamed)

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

const openWorkFolder = (): string => {
  try {
    return mkdtempSync(join(realpathSync(tmpdir()), 'relman-rehearsal-'))
  } catch (error) {
    throw new UsageError(
      `${tmpdir()}: no temporary folder can be made there (${(error as Error).message}); set TMPDIR to another`,
    )
  }
}

const fail = (error: unknown, json: boolean): number => {
  const failure = failureOf(error)
  console.error(failure.message)
  if (json) console.log(JSON.stringify(failureDocument(failure), null, 2))
  return failure.status
}

const argv = process.argv.slice(2)
if (argv[0] === '--part') await runPart(argv.slice(1))
else {
  main(argv).then(
    (status) => process.exit(status),
    (error: unknown) => process.exit(fail(error, argv.includes('--json'))),
  )
}
