/** Why looking ended early, which is no fault of what was looked for. */
const late = 'not looked at: '

/** A signal that ends what takes longer than this, with the reason in words. */
export const deadline = (seconds: number, what: string): AbortSignal => {
  const end = new AbortController()
  setTimeout(() => end.abort(new Error(`${late}${what}`)), seconds * 1000).unref()
  return end.signal
}

export const isLate = (reason: unknown): boolean => reason instanceof Error && reason.message.startsWith(late)

/** A promise that ends with the signal, where what it waits for knows of none. @throws the reason of the signal */
export const within = async <T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
  if (!signal) return work()
  signal.throwIfAborted()
  let stop = () => {}
  const ended = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work(), ended])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
