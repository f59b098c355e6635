import type { Clock } from '../../ports/clock.ts'
import type { GitHub, Issue } from '../../ports/github.ts'
import { GitHubError } from '../../ports/github-error.ts'
import type { Client } from './client.ts'
import { everyPage } from './pages.ts'

type Wanted = Parameters<GitHub['issues']['ensure']>[0]
export type Reply = {
  number: number
  title: string
  body?: string | null | undefined
  state: string
  html_url: string
  user: { type?: string; login: string } | null
  pull_request?: unknown
}

/** A ticket of a release is among the newest issues with its label; no further back is looked. */
const farthest = 10

/** GitHub's issues know no compare-and-swap: whoever has written looks again when another writer's answer must have come. */
const settleMilliseconds = 600
const mostAttempts = 6

/** Issues that relman keeps up to date together with people. */
export const openIssues = (client: Client, clock: Clock): GitHub['issues'] => {
  const { owner, repo } = client

  const find = async ({ marker, title, labels }: Wanted): Promise<Reply | null> => {
    const filter = labels[0] ? { labels: labels[0] } : {}
    const all: Reply[] = await everyPage(
      client,
      'list the issues',
      'issues: read',
      (octokit, range) =>
        octokit.request('GET /repos/{owner}/{repo}/issues', {
          owner,
          repo,
          state: 'all',
          ...filter,
          ...range,
        }),
      (page, pages) => pages === farthest || page.some((issue) => isOurs(issue, marker)),
    )
    const ours = all.filter((issue) => isOurs(issue, marker))
    const named = all.filter((issue) => byBot(issue) && issue.title === title && !isDuplicate(issue))
    return oldest(ours) ?? oldest(named)
  }

  const read = async (number: number): Promise<Reply> =>
    client.call({
      what: `read issue ${number}`,
      needs: 'issues: read',
      nature: 'safe',
      send: async (octokit) =>
        (
          await octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}', {
            owner,
            repo,
            issue_number: number,
          })
        ).data,
    })

  const create = (wanted: Wanted): Promise<Reply> =>
    client.call({
      what: 'open the release ticket',
      needs: 'issues: write',
      nature: 'create',
      probe: () => find(wanted),
      send: async (octokit) => {
        const { title, labels } = wanted
        const body = wanted.write(null)
        return (
          await octokit.request('POST /repos/{owner}/{repo}/issues', { owner, repo, title, body, labels })
        ).data
      },
    })

  const patch = (number: number, change: { body?: string; state?: 'open' | 'closed' }): Promise<Reply> =>
    client.call({
      what: `update issue ${number}`,
      needs: 'issues: write',
      nature: 'idempotent',
      send: async (octokit) =>
        (
          await octokit.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
            owner,
            repo,
            issue_number: number,
            ...change,
          })
        ).data,
    })

  const settled = () => clock.sleep(settleMilliseconds * (0.75 + Math.random() / 2))

  /** Two runs may have opened it at the same moment: the older one stays, and whoever made the other closes it. */
  const open = async (wanted: Wanted): Promise<Reply> => {
    const made = await create(wanted)
    await settled()
    const first = await find(wanted)
    if (!first || first.number >= made.number) return made
    await patch(made.number, { body: `${duplicateOf}${first.number}`, state: 'closed' })
    return first
  }

  /** Reads, writes what differs, and looks again until what was written stands. */
  const bring = async (wanted: Wanted, number: number): Promise<Reply> => {
    for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
      const now = await read(number)
      const body = wanted.write(now.body ?? null)
      const stands = plain(body) === plain(now.body ?? '') && now.state === wanted.state
      if (stands) return now
      await patch(number, { body, state: wanted.state })
      await settled()
    }
    throw new GitHubError('github-refused', `could not update issue ${number}: others keep writing over it`)
  }

  return {
    ensure: async (wanted) => {
      const known = await find(wanted)
      return fromReply(await bring(wanted, (known ?? (await open(wanted))).number))
    },
  }
}

/** Browsers send CRLF, and nobody sees what ends a text. */
const plain = (body: string): string => body.replaceAll('\r\n', '\n').trimEnd()

const duplicateOf = 'Opened at the same moment as #'

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

const fromReply = ({ number, title, body, state, html_url }: Reply): Issue => ({
  number,
  title,
  body: body ?? '',
  state: state === 'closed' ? 'closed' : 'open',
  url: html_url,
})
