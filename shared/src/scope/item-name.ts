import type { Change } from './change.ts'

/** How a change is called in one line: its pull request and title. */
export const itemName = (change: Pick<Change, 'pull' | 'sha' | 'title'>): string =>
  `${change.pull === null ? change.sha.slice(0, 7) : `#${change.pull}`} ${change.title}`
