import { readFileSync } from 'node:fs'
import { ConfigurationError } from '@relman/core/config/configuration-error'

/** A file that a person named; the error says which and why, in words. */
export const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = { ENOENT: 'does not exist', EISDIR: 'is a folder', EACCES: 'may not be read' }[code ?? '']
    throw new ConfigurationError(why ?? `cannot be read (${code ?? String(error)})`, { file })
  }
}
