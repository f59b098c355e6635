import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'
import { killTree } from './process-tree.ts'

export type Grace = {
  interruptMs: number
  terminateMs: number
  /** How long output may outlast the process that wrote it. */
  streamMs: number
}

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
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream, crlfDelay: 5000 }).on('line', call.onLine)
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
    const settle = (code: number | null, signal: NodeJS.Signals | null) =>
      finish(() => resolve({ code: code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 15), cancelled }))
    child.on('close', settle)
    child.on('exit', (code, signal) => {
      for (const timer of timers.splice(0)) clearTimeout(timer)
      const cut = () => {
        for (const stream of [child.stdout, child.stderr]) stream.destroy()
        settle(code, signal)
      }
      timers.push(setTimeout(cut, call.grace.streamMs))
    })
    if (call.cancel.aborted) cancel()
    else call.cancel.addEventListener('abort', cancel, { once: true })
  })
}
