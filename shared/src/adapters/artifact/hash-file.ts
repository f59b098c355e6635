import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import { resolve, sep } from 'node:path'

/**
 * SHA-256 of a file of the checkout as `sha256:…`; null where there is none. The file is read in pieces, so that its size
 * does not matter. @throws Error in one sentence where it is no file or leads out of the checkout
 */
export const hashFile = async (folder: string, path: string): Promise<string | null> => {
  const root = await realpath(folder)
  const real = await realpath(resolve(root, path)).catch(() => null)
  if (real === null) return null
  if (!real.startsWith(root + sep)) throw new Error(`${path} leads out of the checkout`)
  const handle = await open(real, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    if (!(await handle.stat()).isFile()) throw new Error(`${path} is no file`)
    const hash = createHash('sha256')
    for await (const piece of handle.createReadStream({ autoClose: false })) hash.update(piece as Buffer)
    return `sha256:${hash.digest('hex')}`
  } finally {
    await handle.close()
  }
}
