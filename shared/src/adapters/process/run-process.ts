import { type ChildProcess, spawn } from 'node:child_process'
import { ConfigurationError } from '../../config/configuration-error.ts'
import type { RunProcess } from '../../ports/process.ts'
import { childEnvironment } from './child-environment.ts'

const outputLimit = 1_000_000
/** Between asking the whole process tree to end and ending it; the grace of a cancelled job is 7.5 s in all. */
const killAfter = 300

/**
 * Runs a program without a shell, in a process group of its own, so that an abort or the time limit ends its children
 * too. Output beyond 1 MB is not kept. The program does not get this action's inputs, tokens or output files.
 */
export const runProcess: RunProcess = ([program = '', ...parameters], options = {}) =>
  new Promise((resolve, reject) => {
    const { signal, timeoutSeconds, input } = options
    if (signal?.aborted) return reject(signal.reason)
    const child = spawn(program, parameters, {
      cwd: options.cwd,
      env: childEnvironment(process.env, options.env, options.inherits),
      detached: process.platform !== 'win32',
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    })
    const text = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (chunk: string) => {
        if (text[name].length < outputLimit) text[name] += chunk.slice(0, outputLimit - text[name].length)
      })
    }
    let stopped: unknown
    const stop = (reason: unknown) => {
      stopped ??= reason
      kill(child, 'SIGTERM')
      setTimeout(() => kill(child, 'SIGKILL'), killAfter).unref()
      // A child that left the group may hold the pipes open: 'close' would never come.
      setTimeout(() => settle(null), 2 * killAfter).unref()
    }
    const abort = () => stop(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    const late = new Error(`${program} did not finish within ${timeoutSeconds} s`)
    const timer = timeoutSeconds ? setTimeout(() => stop(late), timeoutSeconds * 1000) : undefined
    const settle = (code: number | null) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      if (stopped !== undefined) reject(stopped)
      else resolve({ code: code ?? 1, ...text })
    }
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      const missing = error.code === 'ENOENT' || error.code === 'EACCES'
      reject(
        missing
          ? new ConfigurationError(
              `the program "${program}" cannot be run: is it installed and executable here?`,
            )
          : error,
      )
    })
    child.once('close', settle)
    // A program that does not read its input is no error of ours.
    child.stdin.on('error', () => undefined).end(input ?? '')
  })

const kill = (child: ChildProcess, name: NodeJS.Signals): void => {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32')
      spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { windowsHide: true })
    else process.kill(-child.pid, name)
  } catch {
    // It is gone already.
  }
}
