import { openConnectionPool } from './connection-pool.ts'
import { arrivalGap, type Random } from './random.ts'

/** What the load itself saw, from outside the proxy. */
export interface LoadCounts {
  sent: number
  answered: number
  /** Answers of 500 and above, and requests without an answer. */
  failed: number
  /** Answers by their x-version. */
  versions: Record<string, { requests: number; failed: number }>
}

export interface Load {
  counts(): LoadCounts
  /** Starts no more requests and waits for the answers of those that run, two seconds at most. */
  quiet(): Promise<void>
  stop(): void
}

const request = 'GET /checkout HTTP/1.1\r\nhost: checkout\r\n\r\n'

/**
 * Open-loop load: requests start at the seeded moments of a Poisson process of `rate` a second, whether or not
 * earlier ones were answered. Looked at every 4 ms, which bunches a few requests and halves the processor time.
 */
export function startLoad(port: number, rate: number, random: Random): Load {
  const pool = openConnectionPool(port, 4096)
  const counts: LoadCounts = { sent: 0, answered: 0, failed: 0, versions: {} }
  let open = 0
  let due = performance.now()

  const send = () => {
    counts.sent++
    open++
    pool.send(request, (error, reply) => {
      open--
      if (error !== null || reply === undefined) {
        counts.failed++
        return
      }
      counts.answered++
      const version = /\r\nx-version: ([^\r]*)/.exec(reply.head)?.[1] ?? ''
      counts.versions[version] ??= { requests: 0, failed: 0 }
      const seen = counts.versions[version]
      seen.requests++
      if (reply.status < 500) return
      seen.failed++
      counts.failed++
    })
  }
  const timer = setInterval(() => {
    const now = performance.now()
    while (due <= now) {
      send()
      due += arrivalGap(random, rate)
    }
  }, 4)
  if (rate <= 0) clearInterval(timer)

  return {
    counts: () => structuredClone(counts),
    async quiet() {
      clearInterval(timer)
      const until = performance.now() + 2000
      while (open > 0 && performance.now() < until) await new Promise((done) => setTimeout(done, 10))
    },
    stop() {
      clearInterval(timer)
      pool.close()
    },
  }
}
