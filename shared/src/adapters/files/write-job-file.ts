import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigurationError } from '../../config/configuration-error.ts'

/** Writes a file into the job's temporary folder (RUNNER_TEMP), where later steps find it. Gives its path. */
export const writeJobFile = async (name: string, text: string): Promise<string> => {
  const path = join(process.env['RUNNER_TEMP'] || tmpdir(), name)
  await writeFile(path, text).catch((error: NodeJS.ErrnoException) => {
    throw new ConfigurationError(
      `${path} could not be written (${error.code ?? error.message}): RUNNER_TEMP must name a folder that can be written`,
    )
  })
  return path
}
