import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { killTree } from './process-tree.ts'

export type Grace = { interruptMs: number; terminateMs: number }

export type ProcessCall = {
  file: string
  args: string[]
  cwd: string
  env: Record<string, string>
  /** Asks the process to end: SIGINT, then SIGTERM, then the whole tree is killed. */
  cancel: AbortSignal
  grace: Grace
  onLine(line: string): void
  /** Told the process id, so that the machine can be lost under it. */
  onStart(pid: number): void
}

/** How long output may outlast the process that wrote it (runner: ProcessInvoker.cs waits 5 s for the streams). */
const streamMs = 5000

/**
 * Runs one step's process to its end.
 * @returns its exit status (128 + signal when a signal ended it) and whether it was asked to end.
 */
export function runProcess(call: ProcessCall): Promise<{ code: number; cancelled: boolean }> {
  return new Promise((resolve, reject) => {
    const child = spawn(call.file, call.args, {
      cwd: call.cwd,
      env: call.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const { pid } = child
    if (pid !== undefined) call.onStart(pid)
    const readers = [child.stdout, child.stderr].map((stream) =>
      createInterface({ input: stream, crlfDelay: 5000 }),
    )
    for (const reader of readers) reader.on('line', call.onLine)
    const timers: NodeJS.Timeout[] = []
    let cancelled = false
    // runner: src/Runner.Sdk/ProcessInvoker.cs — SIGINT, 7500 ms, SIGTERM, 2500 ms, kill of the process tree;
    // signals go to the entry process alone (docs: workflow-cancellation).
    const cancel = () => {
      cancelled = true
      child.kill('SIGINT')
      timers.push(
        setTimeout(() => child.kill('SIGTERM'), call.grace.interruptMs),
        setTimeout(() => pid !== undefined && killTree(pid), call.grace.interruptMs + call.grace.terminateMs),
      )
    }
    const finish = (act: () => void) => {
      call.cancel.removeEventListener('abort', cancel)
      for (const timer of timers) clearTimeout(timer)
      act()
    }
    child.on('error', (error) => finish(() => reject(error)))
    child.on('exit', (code, signal) => {
      for (const timer of timers.splice(0)) clearTimeout(timer)
      const done = () =>
        finish(() => resolve({ code: code ?? 128 + (signal === 'SIGKILL' ? 9 : 15), cancelled }))
      timers.push(
        setTimeout(() => {
          for (const stream of [child.stdout, child.stderr]) stream.destroy()
          done()
        }, streamMs),
      )
      Promise.all(readers.map((reader) => new Promise((closed) => reader.once('close', closed)))).then(done)
    })
    if (call.cancel.aborted) cancel()
    else call.cancel.addEventListener('abort', cancel, { once: true })
  })
}
