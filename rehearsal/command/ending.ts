/** Somebody ended the rehearsal before it was over; `status` is what a shell expects then. */
export class InterruptedError extends Error {
  readonly status: number

  constructor(message: string, status: number) {
    super(message)
    this.status = status
  }
}

const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/**
 * Aborts with an `InterruptedError` at the first signal, and when nobody reads the output any more. Whoever asks a
 * second time is not kept waiting.
 */
export const listenForEnd = (): AbortSignal => {
  const ending = new AbortController()
  for (const [signal, status] of Object.entries(signals)) {
    process.on(signal, () => {
      if (ending.signal.aborted) process.exit(status)
      ending.abort(new InterruptedError(`ended by ${signal}; nothing is left running`, status))
    })
  }
  process.stdout.on('error', () => ending.abort(new InterruptedError('nobody reads the output any more', 1)))
  process.stderr.on('error', () => {})
  return ending.signal
}

/** Never resolves; rejects when the rehearsal is ended. */
export const rejectAtEnd = (ending: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (ending.aborted) reject(ending.reason)
    else ending.addEventListener('abort', () => reject(ending.reason), { once: true })
  })
