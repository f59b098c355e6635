import type { Client } from './client.ts'
import { everyPage } from './pages.ts'

export type Reply = {
  number: number
  title: string
  body?: string | null | undefined
  state: string
  html_url: string
  user: { type?: string; login: string } | null
  labels: ReadonlyArray<string | { name?: string | undefined }>
  pull_request?: unknown
}

/** A ticket of a release is among the newest thousand issues; no further back is looked. */
const farthest = 10

/** The newest issues with a label, or all of them, until a page holds what is looked for. */
export const listIssues = (
  client: Client,
  label: string | null,
  here: (page: readonly Reply[]) => boolean = () => false,
): Promise<Reply[]> => {
  const { owner, repo } = client
  const filter = label === null ? {} : { labels: label }
  return everyPage<Reply>(
    client,
    'list the issues',
    'issues: read',
    (octokit, range) =>
      octokit.request('GET /repos/{owner}/{repo}/issues', { owner, repo, state: 'all', ...filter, ...range }),
    (page, pages) => pages === farthest || here(page),
  )
}

/** The issue with this marker; where people emptied its text, the one that a bot opened under this title. */
export const ownAmong = (
  all: readonly Reply[],
  { marker, title }: { marker: string; title: string },
): Reply | null =>
  oldest(all.filter((issue) => isOurs(issue, marker))) ??
  oldest(all.filter((issue) => byBot(issue) && issue.title === title && !isDuplicate(issue)))

export const duplicateOf = 'Opened at the same moment as #'

const isDuplicate = ({ body }: Reply): boolean => (body ?? '').startsWith(duplicateOf)

const oldest = (issues: readonly Reply[]): Reply | null =>
  issues.reduce<Reply | null>((first, issue) => (first && first.number < issue.number ? first : issue), null)

const byBot = ({ user, pull_request }: Reply): boolean =>
  pull_request === undefined && (user?.type === 'Bot' || user?.login.endsWith('[bot]') === true)

/** A line that begins with the marker itself, or with the marker of one of its sections. */
export const isOurs = (issue: Reply, marker: string): boolean =>
  byBot(issue) &&
  (issue.body ?? '').split('\n').some((line) => {
    const text = line.trim()
    return text === `<!-- ${marker} -->` || text.startsWith(`<!-- ${marker}:`)
  })
