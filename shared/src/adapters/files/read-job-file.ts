import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ConfigurationError } from '../../config/configuration-error.ts'

/** Less than the longest string of Node.js. */
const longest = 400_000_000

/**
 * The text of a file that a configuration names, relative to `folder`. A pipe or a device is refused: reading it need not
 * end. @throws ConfigurationError in one sentence
 */
export const readJobFile = async (folder: string, path: string): Promise<string> => {
  const handle = await open(resolve(folder, path), constants.O_RDONLY | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => {
      throw new ConfigurationError(`${path} cannot be read (${error.code}): is it in the checkout?`)
    },
  )
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) throw new ConfigurationError(`${path} is no file`)
    if (stat.size > longest)
      throw new ConfigurationError(`${path} holds more than ${longest / 1e6} MB; split it`)
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}
