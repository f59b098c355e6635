/** Numbers and node ids that stay the same for the same name. */

import { createHash } from 'node:crypto'

/** A stable positive id below 2^31. */
export const numberOf = (text: string): number =>
  createHash('sha256').update(text).digest().readUInt32BE(0) >>> 1

export const nodeId = (kind: string, id: string | number): string =>
  Buffer.from(`0${kind.length}:${kind}${id}`).toString('base64')
