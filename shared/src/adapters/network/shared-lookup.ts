import { type LookupAddress, lookup } from 'node:dns'

export type Resolve = (
  name: string,
  options: { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/**
 * Names resolved once for many requests: one question at a time for each name, whose answer holds for so many
 * milliseconds. Questions occupy threads of the process, and a slow answer must not keep a way back waiting for one.
 */
export const sharedLookup = (milliseconds: number, resolve: Resolve = lookup): Resolve => {
  const known = new Map<string, { until: number; answer: Promise<LookupAddress[]> }>()
  return (name, options, done) => {
    const old = known.get(name)
    const fresh = old && Date.now() < old.until
    const answer = fresh
      ? old.answer
      : new Promise<LookupAddress[]>((found, failed) =>
          resolve(name, options, (error, addresses) => (error ? failed(error) : found(addresses))),
        )
    if (!fresh) {
      const entry = { until: Number.POSITIVE_INFINITY, answer }
      const ends = () => {
        entry.until = Date.now() + milliseconds
      }
      known.set(name, entry)
      answer.then(ends, ends)
    }
    answer.then(
      (addresses) => done(null, addresses),
      (error: NodeJS.ErrnoException) => done(error, []),
    )
  }
}
