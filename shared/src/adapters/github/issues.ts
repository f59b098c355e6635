import type { GitHub, Issue } from '../../ports/github.ts'
import type { Client } from './client.ts'
import { everyPage } from './pages.ts'

type Wanted = Parameters<GitHub['issues']['ensure']>[0]
type Reply = {
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

/** Issues that relman keeps up to date. What people write outside the marker's lines stays. */
export const openIssues = (client: Client): GitHub['issues'] => {
  const { owner, repo } = client

  const find = async ({ marker, labels }: Wanted): Promise<Reply | null> => {
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
    return all.find((issue) => isOurs(issue, marker)) ?? null
  }

  const create = (wanted: Wanted): Promise<Reply> =>
    client.call({
      what: 'open the release ticket',
      needs: 'issues: write',
      nature: 'create',
      probe: () => find(wanted),
      send: async (octokit) => {
        const { title, labels } = wanted
        const body = framed(wanted.marker, wanted.body)
        return (
          await octokit.request('POST /repos/{owner}/{repo}/issues', { owner, repo, title, body, labels })
        ).data
      },
    })

  const update = (wanted: Wanted, known: Reply): Promise<Reply> =>
    client.call({
      what: `update issue ${known.number}`,
      needs: 'issues: write',
      nature: 'idempotent',
      send: async (octokit) =>
        (
          await octokit.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
            owner,
            repo,
            issue_number: known.number,
            title: wanted.title,
            body: replaced(known.body ?? '', wanted),
            state: wanted.state,
          })
        ).data,
    })

  return {
    ensure: async (wanted) => {
      const known = (await find(wanted)) ?? (await create(wanted))
      const same =
        known.title === wanted.title &&
        known.state === wanted.state &&
        known.body === replaced(known.body ?? '', wanted)
      return fromReply(same ? known : await update(wanted, known))
    },
  }
}

const lines = (marker: string): [string, string] => [`<!-- ${marker} -->`, `<!-- /${marker} -->`]

const framed = (marker: string, body: string): string => {
  const [start, end] = lines(marker)
  return `${start}\n${body}\n${end}`
}

/** The body with what stands between the marker's lines replaced. */
const replaced = (body: string, wanted: Wanted): string => {
  const [start, end] = lines(wanted.marker)
  const from = body.indexOf(start)
  const to = body.indexOf(end, from)
  if (from < 0 || to < 0) return framed(wanted.marker, wanted.body)
  return `${body.slice(0, from)}${framed(wanted.marker, wanted.body)}${body.slice(to + end.length)}`
}

const isOurs = ({ body, user, pull_request }: Reply, marker: string): boolean =>
  pull_request === undefined &&
  (user?.type === 'Bot' || user?.login.endsWith('[bot]') === true) &&
  (body ?? '').includes(lines(marker)[0])

const fromReply = ({ number, title, body, state, html_url }: Reply): Issue => ({
  number,
  title,
  body: body ?? '',
  state: state === 'closed' ? 'closed' : 'open',
  url: html_url,
})
