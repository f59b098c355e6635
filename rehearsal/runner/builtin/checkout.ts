import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Hub } from '../../github/hub.ts'
import { git } from '../git.ts'
import type { Builtin } from '../job/builtin.ts'

/**
 * In the place of actions/checkout: the caller's repository at `ref` (default: the run's commit, on its branch) with
 * `fetch-depth`, `fetch-tags` and `path`. Other repositories are refused. The origin is the bare repository itself;
 * pushing to it takes `contents: write`, as with the real action's token.
 */
export function checkout(hub: Hub): Builtin {
  return async ({ inputs, workspace, github, permissions, log }) => {
    const own = `${hub.owner}/${hub.repo}`
    const repository = inputs.repository || own
    if (repository.toLowerCase() !== own.toLowerCase())
      throw new Error(`The built-in checkout knows ${own} only, not '${repository}'`)
    if (!permissions.contents)
      throw new Error("remote: Repository not found. The job's token has no 'contents: read'.")
    const target = join(workspace, inputs.path ?? '')
    mkdirSync(target, { recursive: true })
    const run = (...args: string[]) => git('-C', target, ...args)
    await run('init', '--quiet', '--initial-branch', hub.defaultBranch)
    // Objects are shared, not copied: what the job sees is the same, and a large history costs nothing.
    writeFileSync(join(target, '.git', 'objects', 'info', 'alternates'), `${join(hub.gitDir, 'objects')}\n`)
    await run('config', 'remote.origin.url', `file://${hub.gitDir}`)
    await run('config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*')
    if (permissions.contents !== 'write')
      await run('config', 'remote.origin.pushurl', join(target, "the job's token has no contents: write"))
    const ref = inputs.ref || String(github.ref)
    const { sha, branch } = inputs.ref
      ? await resolve(hub.gitDir, inputs.ref)
      : { sha: String(github.sha), branch: branchOf(ref) }
    await run('-c', 'protocol.version=2', 'fetch', '--quiet', ...fetchArguments(inputs, sha, branch))
    if (branch) await run('checkout', '--quiet', '--force', '-B', branch, sha)
    else await run('checkout', '--quiet', '--force', '--detach', sha)
    log(`HEAD is now at ${sha}`)
    return { ref, commit: sha }
  }
}

function fetchArguments(inputs: Record<string, string>, sha: string, branch: string | undefined): string[] {
  const depth = Number(inputs['fetch-depth'] || '1')
  if (depth === 0)
    return ['--tags', 'origin', '+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*', sha]
  const tags = inputs['fetch-tags'] === 'true' ? '--tags' : '--no-tags'
  return [tags, `--depth=${depth}`, 'origin', branch ? `+${sha}:refs/remotes/origin/${branch}` : sha]
}

function branchOf(ref: string): string | undefined {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined
}

/** A branch, a tag or a commit, as the action's `ref` may name it. */
async function resolve(gitDir: string, ref: string): Promise<{ sha: string; branch?: string }> {
  const names = ref.startsWith('refs/') ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`, ref]
  for (const name of names) {
    const sha = await git('--git-dir', gitDir, 'rev-parse', '--verify', '--quiet', `${name}^{commit}`).catch(
      () => '',
    )
    const branch = branchOf(name)
    if (sha) return { sha, ...(branch ? { branch } : {}) }
  }
  throw new Error(`A branch or tag with the name '${ref}' could not be found`)
}
