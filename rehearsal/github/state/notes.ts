/** The text of "Generate release notes". */

import { output } from '../git/command.ts'
import type { Github } from '../github.ts'

/** The tag before this commit: of the last published release, or else the nearest in history. */
async function previousTag(github: Github, tag: string, target: string): Promise<string | undefined> {
  const latest = github.store.releases.get(github.store.latestRelease ?? -1)
  if (latest && latest.tag !== tag) return latest.tag
  const { code, stdout } = await github.repository.git([
    'describe',
    '--tags',
    '--abbrev=0',
    '--exclude',
    tag,
    target,
  ])
  return code === 0 ? stdout.toString().trim() : undefined
}

/** Throws nothing: an unknown target or previous tag leaves the list empty. */
export async function generateNotes(
  github: Github,
  tag: string,
  target: string,
  previous?: string,
): Promise<{ name: string; body: string }> {
  await github.pulls()
  const head =
    (await github.repository.commit(`refs/tags/${tag}`)) ?? (await github.repository.commit(target))
  const from = previous ?? (head && (await previousTag(github, tag, head.oid)))
  const base = from === undefined ? undefined : await github.repository.commit(`refs/tags/${from}`)
  const range = head ? [base ? `${base.oid}..${head.oid}` : head.oid] : []
  const oids = range.length ? (await output(github.repository.git, ['rev-list', ...range])).split('\n') : []
  const within = new Set(oids)
  const merged = [...github.store.issues.values()]
    .filter(({ pull }) => pull?.mergeCommit && within.has(pull.mergeCommit))
    .sort((a, b) => a.number - b.number)
  const lines = merged.map(
    ({ title, user, number }) => `* ${title} by @${user} in ${github.page}/pull/${number}`,
  )
  const changes = lines.length ? `## What's Changed\n${lines.join('\n')}\n\n\n` : ''
  const link = base ? `${github.page}/compare/${from}...${tag}` : `${github.page}/commits/${tag}`
  return { name: tag, body: `${changes}**Full Changelog**: ${link}` }
}
