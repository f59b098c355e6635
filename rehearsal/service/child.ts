import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A running part of the bench in a process of its own. */
export interface Child<Ready> {
  /** Its first line of output. */
  ready: Ready
  process: ChildProcess
  /** Resolves once it has ended, with its exit status, or null where a signal ended it. */
  ended: Promise<number | null>
  /** Sends one line of JSON. */
  tell(message: unknown): void
  /** Closes its standard input, waits for the end, and kills it after three seconds. */
  stop(): Promise<void>
}

// Small young generations and no threads for the collector: the defaults take more memory for no more speed here.
const nodeOptions = ['--max-semi-space-size=1', '--single-threaded-gc', '--max-old-space-size=256']

/**
 * Starts `entry --part …argv` on this Node and waits until it says that it is ready.
 * Throws an `Error` with the sentence that the part gives where it cannot start.
 */
export async function startChild<Ready>(entry: string, argv: string[]): Promise<Child<Ready>> {
  const child = spawn(process.execPath, [...nodeOptions, entry, '--part', ...argv], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
    child.once('error', () => resolve(null))
  })
  // A child that has just ended closes its pipe; that it ended is told by `ended`.
  child.stdin.on('error', () => {})
  const lines = createInterface({ input: child.stdout })
  const first = await Promise.race([
    once(lines, 'line').then(([line]) => JSON.parse(String(line)) as Ready & { error?: string }),
    ended.then(() => undefined),
  ])
  if (first === undefined) throw new Error(`The part ${argv[0]} of the rehearsal ended before it was ready.`)
  if (first.error !== undefined) {
    child.stdin.end()
    await ended
    throw new Error(first.error)
  }
  const stop = async () => {
    child.stdin.end()
    const timer = setTimeout(() => child.kill('SIGKILL'), 3000)
    await ended
    clearTimeout(timer)
  }
  return {
    ready: first,
    process: child,
    ended,
    tell: (message) => child.stdin.write(`${JSON.stringify(message)}\n`),
    stop,
  }
}
