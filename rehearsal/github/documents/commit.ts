/** Commits, as GitHub shows them. */

import type { ChangedFile } from '../git/difference.ts'
import type { Commit } from '../git/parse.ts'
import type { Github } from '../github.ts'
import { nodeId } from './identity.ts'
import { user } from './repository.ts'
import { loginOf } from './user.ts'

/**
 * Commits made through `createCommitOnBranch` are signed by GitHub and shown as verified. The rehearsal holds no
 * key: the reply says "valid" for those it made itself, and the signature's text says that it is none.
 */
export function verification(github: Github, commit: Commit): Record<string, unknown> {
  const signed = github.store.signed.has(commit.oid)
  return {
    verified: signed,
    reason: signed ? 'valid' : 'unsigned',
    signature: signed ? 'rehearsed: GitHub signs here' : null,
    payload: signed ? commit.message : null,
    verified_at: signed ? commit.committer.date : null,
  }
}

const parents = (github: Github, commit: Commit): Record<string, unknown>[] =>
  commit.parents.map((sha) => ({
    sha,
    url: `${github.api}/git/commits/${sha}`,
    html_url: `${github.page}/commit/${sha}`,
  }))

export function gitCommit(github: Github, commit: Commit): Record<string, unknown> {
  return {
    sha: commit.oid,
    node_id: nodeId('Commit', commit.oid),
    url: `${github.api}/git/commits/${commit.oid}`,
    html_url: `${github.page}/commit/${commit.oid}`,
    author: commit.author,
    committer: commit.committer,
    message: commit.message,
    tree: { sha: commit.tree, url: `${github.api}/git/trees/${commit.tree}` },
    parents: parents(github, commit),
    verification: verification(github, commit),
  }
}

export function commitDocument(github: Github, commit: Commit): Record<string, unknown> {
  const [author, committer] = [loginOf(commit.author), loginOf(commit.committer)]
  const url = `${github.api}/commits/${commit.oid}`
  return {
    sha: commit.oid,
    node_id: nodeId('Commit', commit.oid),
    url,
    html_url: `${github.page}/commit/${commit.oid}`,
    comments_url: `${url}/comments`,
    commit: {
      url: `${github.api}/git/commits/${commit.oid}`,
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      comment_count: 0,
      tree: { sha: commit.tree, url: `${github.api}/git/trees/${commit.tree}` },
      verification: verification(github, commit),
    },
    author: author === null ? null : user(github, author),
    committer: committer === null ? null : user(github, committer),
    parents: parents(github, commit),
  }
}

export function fileDocument(github: Github, head: string, file: ChangedFile): Record<string, unknown> {
  const path = file.filename.split('/').map(encodeURIComponent).join('/')
  return {
    sha: file.sha,
    filename: file.filename,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${github.page}/blob/${head}/${path}`,
    raw_url: `${github.page}/raw/${head}/${path}`,
    contents_url: `${github.api}/contents/${path}?ref=${head}`,
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previous === undefined ? {} : { previous_filename: file.previous }),
  }
}
