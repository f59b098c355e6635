import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Row } from './truth.ts'

export interface AccessLog {
  write(row: Row): void
  flush(): void
  close(): void
}

/**
 * `access.log` in `folder`, one line a request: time of the answer (ms since 1970), request number, version,
 * status, latency in ms. Written four times a second. Throws an `Error` with one sentence where it cannot be made.
 */
export function openAccessLog(folder: string): AccessLog {
  const file = create(join(folder, 'access.log'))
  let lines: string[] = []
  let number = 0
  const flush = () => {
    if (lines.length > 0) writeSync(file, `${lines.join('\n')}\n`)
    lines = []
  }
  const timer = setInterval(flush, 250)
  return {
    write({ at, version, status, latency }) {
      lines.push(`${at} ${++number} ${version} ${status} ${latency.toFixed(1)}`)
    },
    flush,
    close() {
      clearInterval(timer)
      flush()
      closeSync(file)
    },
  }
}

function create(path: string): number {
  try {
    return openSync(path, 'w')
  } catch (error) {
    throw new Error(
      `${path} cannot be written (${(error as NodeJS.ErrnoException).code}): choose another folder.`,
    )
  }
}
