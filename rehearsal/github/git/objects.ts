/** Reads objects through one lasting `git cat-file --batch`. */

import { spawn } from 'node:child_process'
import { gitEnvironment } from './command.ts'

export type GitObject = { oid: string; type: 'commit' | 'tree' | 'blob' | 'tag'; content: Buffer }

export type Objects = {
  /** What a revision expression names (`main`, `main:README.md`, `v1^{commit}`); undefined when nothing. */
  read(expression: string): Promise<GitObject | undefined>
  close(): Promise<void>
}

export function openObjects(gitDir: string): Objects {
  const child = spawn('git', ['--git-dir', gitDir, 'cat-file', '--batch'], {
    env: gitEnvironment(),
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  const waiting: { resolve: (object: GitObject | undefined) => void; reject: (fault: Error) => void }[] = []
  let chunks: Buffer[] = []
  let length = 0
  let wanted = 0

  /** Takes one answer off the buffer: a header line, and a body when the object exists. */
  function take(): boolean {
    if (length === 0 || length < wanted) return false
    const buffer = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)
    chunks = [buffer]
    const end = buffer.indexOf(10)
    if (end < 0) return false
    const header = /^([0-9a-f]+) (commit|tree|blob|tag) (\d+)$/.exec(buffer.subarray(0, end).toString())
    const size = header ? Number(header[3]) : -1
    wanted = end + 1 + size + 1
    if (length < wanted) return false
    const content = header ? buffer.subarray(end + 1, end + 1 + size) : undefined
    const object =
      header && content
        ? { oid: String(header[1]), type: header[2] as GitObject['type'], content: Buffer.from(content) }
        : undefined
    chunks = [buffer.subarray(wanted)]
    length -= wanted
    wanted = 0
    waiting.shift()?.resolve(object)
    return true
  }

  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    length += chunk.length
    while (take());
  })
  child.stdin.on('error', () => {})
  const fail = (): void => {
    for (const entry of waiting.splice(0)) entry.reject(new Error('git cat-file ended'))
  }
  child.on('error', fail)
  child.on('close', fail)

  return {
    read: (expression) =>
      /[\n\0]/.test(expression) || expression === ''
        ? Promise.resolve(undefined)
        : new Promise((resolve, reject) => {
            waiting.push({ resolve, reject })
            child.stdin.write(`${expression}\n`)
          }),
    close: () => {
      child.stdin.end()
      return ended
    },
  }
}
