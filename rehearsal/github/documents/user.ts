/** Accounts, as GitHub shows them. */

import type { Person } from '../git/parse.ts'
import { nodeId, numberOf } from './identity.ts'

export function userDocument(serverUrl: string, apiUrl: string, login: string): Record<string, unknown> {
  const bot = login.endsWith('[bot]')
  const id = login === 'github-actions[bot]' ? 41898282 : numberOf(`user ${login}`)
  const url = `${apiUrl}/users/${encodeURIComponent(login)}`
  return {
    login,
    id,
    node_id: nodeId(bot ? 'Bot' : 'User', id),
    avatar_url: `${serverUrl}/avatars/${id}`,
    gravatar_id: '',
    url,
    html_url: `${serverUrl}/${bot ? `apps/${login.slice(0, -5)}` : login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: bot ? 'Bot' : 'User',
    site_admin: false,
  }
}

/**
 * The account behind a commit's author: the login in GitHub's no-reply address, or else the name as a login.
 * GitHub knows accounts by verified addresses; a clone does not say them, so a name stands for its account.
 */
export function loginOf(person: Person): string | null {
  const noreply = /^(?:\d+\+)?([^@+]+)@users\.noreply\.github\.com$/i.exec(person.email)
  if (noreply) return String(noreply[1])
  const slug = person.name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return slug.slice(0, 39) || null
}
