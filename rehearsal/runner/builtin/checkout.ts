import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Hub } from '../../github/hub.ts'
import type { Builtin } from '../job/builtin.ts'

const execute = promisify(execFile)

/**
 * In the place of actions/checkout: the caller's repository at `ref` (default: the run's commit) with `fetch-depth`,
 * `path` and `fetch-tags`; other repositories are refused by name. The origin is the bare repository itself.
 */
export function checkout(hub: Hub): Builtin {
  return async ({ inputs, workspace, github, permissions, log }) => {
    const own = `${hub.owner}/${hub.repo}`
    const repository = inputs.repository || own
    if (repository.toLowerCase() !== own.toLowerCase())
      throw new Error(`The built-in checkout knows ${own} only, not '${repository}'`)
    // The token must be able to read the repository (docs: workflow-syntax#permissions).
    if (!permissions.contents)
      throw new Error(`remote: Repository not found. The job's token has no 'contents: read'.`)
    const target = join(workspace, inputs.path ?? '')
    mkdirSync(target, { recursive: true })
    const git = async (...args: string[]) =>
      (await execute('git', ['-C', target, ...args], { maxBuffer: 1 << 26 })).stdout.trim()
    await git('init', '--quiet', '--initial-branch', hub.defaultBranch)
    const known = (await git('remote')).split('\n')
    await git('remote', known.includes('origin') ? 'set-url' : 'add', 'origin', `file://${hub.gitDir}`)
    const wanted = inputs.ref || (inputs.repository ? hub.defaultBranch : String(github.sha))
    const depth = Number(inputs['fetch-depth'] ?? '1')
    const refs = depth === 0 ? ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'] : []
    const limit = depth > 0 ? [`--depth=${depth}`] : []
    const tags = inputs['fetch-tags'] === 'true' || depth === 0 ? '--tags' : '--no-tags'
    const only = depth === 0 ? [] : [await resolve(hub.gitDir, wanted)]
    await git('-c', 'protocol.version=2', 'fetch', '--quiet', tags, ...limit, 'origin', ...refs, ...only)
    const sha = await resolve(hub.gitDir, wanted)
    const branch = wanted.replace(/^refs\/heads\//, '')
    const atBranch = String(github.ref) === `refs/heads/${branch}` || (await isBranch(hub.gitDir, branch))
    if (atBranch) await git('checkout', '--quiet', '--force', '-B', branch, sha)
    else await git('checkout', '--quiet', '--force', '--detach', sha)
    log(`HEAD is now at ${sha}`)
    return { ref: wanted, commit: sha }
  }
}

async function resolve(gitDir: string, ref: string): Promise<string> {
  for (const name of [ref, `refs/heads/${ref}`, `refs/tags/${ref}`]) {
    try {
      const { stdout } = await execute('git', [
        '--git-dir',
        gitDir,
        'rev-parse',
        '--verify',
        '--quiet',
        '--end-of-options',
        `${name}^{commit}`,
      ])
      return stdout.trim()
    } catch {
      // Try the next form.
    }
  }
  throw new Error(`A branch or tag with the name '${ref}' could not be found`)
}

async function isBranch(gitDir: string, name: string): Promise<boolean> {
  try {
    await execute('git', ['--git-dir', gitDir, 'show-ref', '--verify', '--quiet', `refs/heads/${name}`])
    return true
  } catch {
    return false
  }
}
