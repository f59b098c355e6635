/** Faults on purpose: what GitHub and the network do on a bad day. */

/**
 * - `server-error`: a 5xx before anything happened
 * - `lost-reply`: the request took effect, and a proxy answers 502 with a page of HTML
 * - `rate-limit`: 429 with `Retry-After`, nothing happened
 * - `secondary-limit`: 403 with the text of the secondary rate limit and `Retry-After`, nothing happened
 */
export type FaultKind = 'server-error' | 'lost-reply' | 'rate-limit' | 'secondary-limit'

export type Injected = { route: string; kind: FaultKind; count: number }

/**
 * `rule` decides for each request of a job (people's requests are left alone): method in capitals, the
 * operation's path (`/releases/{release_id}`, or `/graphql createCommitOnBranch`), how many requests of this route
 * came so far, this one included.
 */
export type Faults = { rule: (method: string, path: string, count: number) => FaultKind | undefined }

export const retryAfterSeconds = 1

/** A generator of numbers in [0, 1) (mulberry32), so that a seed gives the same faults always. */
function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function hash(text: string): number {
  let value = 0x811c9dc5
  for (const char of text) value = Math.imul(value ^ char.charCodeAt(0), 0x01000193)
  return value >>> 0
}

/**
 * On every mutating route each of a 5xx, a 429 and a lost reply at least once, by seed: the first two refuse in an
 * order of the seed's choice (the 429 may come as a secondary limit too), the third request takes effect and its
 * reply is lost, so that one single write of a scenario meets all three. After that one in ten meets one.
 */
export function flaky(seed: number): Faults {
  return {
    rule(method, path, count) {
      const query = method === 'POST' && path === '/graphql query'
      if (method === 'GET' || query) return undefined
      const next = random(hash(`${seed} ${method} ${path}`))
      const refusals: FaultKind[] =
        next() < 0.5 ? ['server-error', 'rate-limit'] : ['rate-limit', 'server-error']
      if (next() < 0.3) refusals.push('secondary-limit')
      const first = [...refusals, 'lost-reply' as const]
      if (count <= first.length) return first[count - 1]
      const later = random(hash(`${seed} ${method} ${path} ${count}`))
      if (later() >= 0.1) return undefined
      return first[Math.floor(later() * first.length)]
    },
  }
}

/** Mutating routes that were used, and which of the three kinds each still misses. */
export function missing(
  used: Iterable<string>,
  injected: Injected[],
): { route: string; kinds: FaultKind[] }[] {
  const kinds: FaultKind[] = ['server-error', 'rate-limit', 'lost-reply']
  return [...used]
    .map((route) => ({
      route,
      kinds: kinds.filter((kind) => !injected.some((entry) => entry.route === route && entry.kind === kind)),
    }))
    .filter(({ kinds: left }) => left.length > 0)
}

export type FaultLedger = {
  /** The fault for this request, if any, kept in `injected`. */
  draw(method: string, path: string): FaultKind | undefined
  /** The request was refused, so that there was no reply of success to lose: the next one gets the fault. */
  takeBack(method: string, path: string): void
  injected: Injected[]
  /** Mutating routes that jobs used. */
  used: Set<string>
}

export function openFaults(faults: Faults | undefined): FaultLedger {
  const counts = new Map<string, number>()
  const ledger: FaultLedger = {
    injected: [],
    used: new Set(),
    draw(method, path) {
      const route = `${method} ${path}`
      const count = (counts.get(route) ?? 0) + 1
      counts.set(route, count)
      if (method !== 'GET' && path !== '/graphql query') ledger.used.add(route)
      const kind = faults?.rule(method, path, count)
      if (kind) ledger.injected.push({ route, kind, count })
      return kind
    },
    takeBack(method, path) {
      const route = `${method} ${path}`
      counts.set(route, (counts.get(route) ?? 1) - 1)
      const at = ledger.injected.findLastIndex(
        (entry) => entry.route === route && entry.kind === 'lost-reply',
      )
      if (at >= 0) ledger.injected.splice(at, 1)
    },
  }
  return ledger
}
