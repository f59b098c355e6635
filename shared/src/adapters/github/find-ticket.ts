import type { CalendarPorts, FoundTicket } from '../../ports/calendar.ts'
import { GitHubError } from '../../ports/github-error.ts'
import type { Client } from './client.ts'
import { isOurs, listIssues, ownAmong, type Reply } from './own-issues.ts'

/**
 * Finds tickets of releases as their writer does: by marker, else by title, among the issues with their label, else among all.
 * What GitHub lists is read once.
 */
export const openTicketFinder = (client: Client): CalendarPorts['ticket'] => {
  const lists = new Map<string | null, Promise<Reply[]>>()
  const list = (label: string | null): Promise<Reply[]> => {
    const known = lists.get(label) ?? listIssues(client, label)
    lists.set(label, known)
    return known
  }
  return async (wanted) => {
    try {
      const all = [...(await list('release')), ...(await list(null))]
      const found = ownAmong(await list('release'), wanted) ?? ownAmong(all, wanted)
      // Where there are two, a hold on either counts.
      return found && fromReply(found, [found, ...all.filter((issue) => isOurs(issue, wanted.marker))])
    } catch (error) {
      // 410: the repository has no issues.
      if (error instanceof GitHubError && error.status === 410) return 'off'
      throw error
    }
  }
}

export const openTicketReader =
  (client: Client): CalendarPorts['ticketNow'] =>
  async (number) => {
    const { owner, repo } = client
    const { data } = await client.call({
      what: `read issue ${number}`,
      needs: 'issues: read',
      nature: 'safe',
      send: (octokit) =>
        octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}', {
          owner,
          repo,
          issue_number: number,
        }),
    })
    const { state, labels } = fromReply(data, [data])
    return { state, labels }
  }

const fromReply = ({ number, body, state, html_url }: Reply, all: readonly Reply[]): FoundTicket => ({
  number,
  body: body ?? '',
  state: state === 'closed' ? 'closed' : 'open',
  labels: [...new Set(all.flatMap(({ labels }) => labels.map(nameOf)))],
  url: html_url,
})

const nameOf = (label: Reply['labels'][number]): string =>
  typeof label === 'string' ? label : (label.name ?? '')
