/** GitHub's primary rate limit: a budget for each hour, REST and GraphQL apart. */

export type Budget = { limit: number; used: number; remaining: number; reset: number; resource: string }

export type Limits = { spend(owner: string, resource: 'core' | 'graphql'): Budget }

const hour = 3_600_000

/** 1,000 requests an hour for the tokens of a repository's jobs together (docs.github.com, "Rate limits"). */
export function openLimits(now: () => Date, limit = 1000): Limits {
  const windows = new Map<string, { used: number; reset: number }>()
  return {
    spend(owner, resource) {
      const name = `${owner} ${resource}`
      const time = now().getTime()
      const known = windows.get(name)
      const window = known && known.reset > time ? known : { used: 0, reset: time + hour }
      window.used++
      windows.set(name, window)
      const remaining = limit - window.used
      return { limit, used: window.used, remaining, reset: Math.ceil(window.reset / 1000), resource }
    },
  }
}
