import type { Clock } from '../../ports/clock.ts'
import type { GitHub, Issue } from '../../ports/github.ts'
import { GitHubError } from '../../ports/github-error.ts'
import type { Client } from './client.ts'
import { duplicateOf, isOurs, listIssues, ownAmong, type Reply } from './own-issues.ts'

type Wanted = Parameters<GitHub['issues']['ensure']>[0]
/** GitHub's issues know no compare-and-swap: whoever has written looks again when another writer's answer must have come. */
const settleMilliseconds = 600
const mostAttempts = 6

/** Issues that relman keeps up to date together with people. */
export const openIssues = (client: Client, clock: Clock): GitHub['issues'] => {
  const { owner, repo } = client

  /** People edit labels: what is not among the issues with its label is looked for among all. */
  const find = async (wanted: Wanted): Promise<Reply | null> => {
    const [label = null] = wanted.labels
    const here = (page: readonly Reply[]) => page.some((issue) => isOurs(issue, wanted.marker))
    const labelled = ownAmong(await listIssues(client, label, here), wanted)
    return labelled || label === null ? labelled : ownAmong(await listIssues(client, null, here), wanted)
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

const fromReply = ({ number, title, body, state, html_url }: Reply): Issue => ({
  number,
  title,
  body: body ?? '',
  state: state === 'closed' ? 'closed' : 'open',
  url: html_url,
})
