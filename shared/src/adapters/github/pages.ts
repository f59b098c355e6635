import { GitHubError } from '../../ports/github-error.ts'
import type { Client, Octokit } from './client.ts'

type Page<T> = { data: T[]; headers: { link?: string | undefined } }

const pageSize = 100
const mostPages = 100

/**
 * Every item of a list, or an error: a list that is silently cut short would read as "there is nothing else". Each page
 * is a call of its own, so that one lost answer does not repeat the whole walk.
 */
export const everyPage = async <T>(
  client: Client,
  what: string,
  needs: string,
  page: (octokit: Octokit, range: { per_page: number; page: number }) => Promise<Page<T>>,
  until: (items: readonly T[], pages: number) => boolean = () => false,
): Promise<T[]> => {
  const all: T[] = []
  for (let number = 1; number <= mostPages; number += 1) {
    const range = { per_page: pageSize, page: number }
    const { data, headers } = await client.call({
      what,
      needs,
      nature: 'safe',
      send: (octokit) => page(octokit, range),
    })
    all.push(...data)
    const more = headers.link?.includes('rel="next"') || data.length === pageSize
    if (!more || until(data, number)) return all
  }
  throw new GitHubError(
    'github-refused',
    `could not ${what}: there are more than ${mostPages * pageSize} of them`,
  )
}
