import type { FoundTicket } from '../../ports/calendar.ts'
import { GitHubError } from '../../ports/github-error.ts'
import type { Client } from './client.ts'
import { isOurs } from './issues.ts'
import { everyPage } from './pages.ts'

/** The release tickets of the newest issues with their label; no further back is looked. */
const farthest = 10

/** Finds tickets of releases by their marker; what GitHub lists is read once. */
export const openTicketFinder = (client: Client): ((marker: string) => Promise<FoundTicket | null>) => {
  const { owner, repo } = client
  let all: ReturnType<typeof list> | undefined
  const list = () =>
    everyPage(
      client,
      'list the release tickets',
      'issues: read',
      (octokit, range) =>
        octokit.request('GET /repos/{owner}/{repo}/issues', {
          owner,
          repo,
          state: 'all',
          labels: 'release',
          ...range,
        }),
      (_, pages) => pages === farthest,
    ).catch((error: unknown) => {
      // 410: the repository has no issues.
      if (error instanceof GitHubError && error.status === 410) return []
      throw error
    })
  return async (marker) => {
    all ??= list()
    const ours = (await all).filter((issue) => isOurs(issue, marker))
    const first = ours.sort((a, b) => a.number - b.number)[0]
    if (!first) return null
    const { number, body, state, labels, html_url } = first
    return {
      number,
      body: body ?? '',
      state: state === 'closed' ? 'closed' : 'open',
      labels: labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))),
      url: html_url,
    }
  }
}
