import { createInterface } from 'node:readline'

/**
 * Ties this process to its parent: `obey` gets each line of standard input, `stop` is called once when the parent
 * closes it, which the system does too when the parent dies. Ctrl-C reaches every process of a terminal; only the
 * parent acts on it, so that traffic flows until the end of its undo.
 */
export function followParent(obey: (line: string) => void, stop: () => void): void {
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
  // Where the parent died, nobody reads what is written.
  process.stdout.on('error', () => {})
  createInterface({ input: process.stdin }).on('line', obey).on('close', stop)
}

/** Tells the parent, in one line of JSON, that this process is ready, or why it cannot be. */
export function tellParent(message: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}
