import type { Commit } from '@relman/core/scope/commit'
import type { Pull } from '@relman/core/scope/pull'

/** A commit of a test; its parent is the one that is named, else none. */
export const commit = (sha: string, message: string, more: Partial<Commit> = {}): Commit => ({
  sha,
  parents: [],
  author: 'Ada',
  email: 'ada@example.com',
  date: '2026-01-01T00:00:00Z',
  message,
  paths: [],
  ...more,
})

/** A straight history from its messages, newest first; shas are `c0`, `c1`, … from the oldest. */
export const line = (...newestFirst: string[]): Commit[] =>
  newestFirst.map((message, index) => {
    const place = newestFirst.length - 1 - index
    return commit(`c${place}`, message, { parents: [place === 0 ? 'base' : `c${place - 1}`] })
  })

export const pull = (number: number, more: Partial<Pull> = {}): Pull => ({
  number,
  title: 'a title',
  author: 'grace',
  labels: [],
  mergedBy: 'linus',
  issues: [],
  ...more,
})
