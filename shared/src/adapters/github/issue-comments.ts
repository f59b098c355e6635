import type { GitHub } from '../../ports/github.ts'
import type { Client } from './client.ts'
import { everyPage } from './pages.ts'

type Comment = { body?: string | undefined; html_url: string; user: { type?: string; login: string } | null }

/** Comments that are made once: found by a marker on the first line, and only where a bot wrote them. */
export const openIssueComments = (client: Client): GitHub['issueComments'] => {
  const { owner, repo } = client

  const find = async (issue: number, marker: string): Promise<Comment | null> => {
    const about = `read the comments of issue ${issue}`
    const all: Comment[] = await everyPage(client, about, 'issues: read', (octokit, range) =>
      octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        owner,
        repo,
        issue_number: issue,
        ...range,
      }),
    )
    return all.find((comment) => isOurs(comment, marker)) ?? null
  }

  return {
    once: async ({ issue, marker, body }) => {
      const found = await find(issue, marker)
      if (found) return { url: found.html_url }
      const made = await client.call<Comment>({
        what: `comment on issue ${issue}`,
        needs: 'issues: write',
        nature: 'create',
        probe: () => find(issue, marker),
        send: async (octokit) => {
          const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'
          const text = `${lineOf(marker)}\n${body}`
          return (await octokit.request(route, { owner, repo, issue_number: issue, body: text })).data
        },
      })
      return { url: made.html_url }
    },
  }
}

const lineOf = (marker: string): string => `<!-- ${marker} -->`

const isOurs = ({ body, user }: Comment, marker: string): boolean =>
  (user?.type === 'Bot' || user?.login.endsWith('[bot]') === true) &&
  (body ?? '').split(/\r?\n/, 1)[0] === lineOf(marker)
