import { constants } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import { isAbsolute, resolve, sep } from 'node:path'
import { ConfigurationError } from '../../config/configuration-error.ts'
import { calendarLimit, type ReadFile } from './read-calendars.ts'

/**
 * Reads files of a work tree, for callers without a commit to read from. No link is followed, neither the file itself nor
 * a folder on the way, and nothing outside the folder is read.
 */
export const folderFiles =
  (folder: string): ReadFile =>
  async (path) => {
    const fault = (message: string) => new ConfigurationError(message, { file: path })
    if (path === '' || isAbsolute(path) || /(^|[\\/])\.\.([\\/]|$)|[\u0000-\u001f\\]/.test(path))
      throw new ConfigurationError(`${JSON.stringify(path)} is not a path inside the repository`)
    const root = await realpath(folder)
    const wanted = resolve(root, path)
    const real = await realpath(wanted).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
      throw fault(`cannot be read (${error.code ?? error.message})`)
    })
    if (real === null) return null
    if (real !== wanted || !real.startsWith(root + sep))
      throw fault('is, or lies behind, a symbolic link; relman reads regular files only')
    const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
      (error: NodeJS.ErrnoException) => {
        throw fault(`cannot be read (${error.code ?? error.message})`)
      },
    )
    try {
      const found = await file.stat()
      if (!found.isFile()) throw fault('is no regular file')
      if (found.size > calendarLimit) throw fault(`is larger than ${calendarLimit / 1024 / 1024} MB`)
      return await file.readFile('utf8')
    } finally {
      await file.close()
    }
  }
