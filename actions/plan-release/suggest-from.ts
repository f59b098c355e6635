import type { Config } from '@relman/core/config/config'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import type { Commit, Git } from '@relman/core/ports/git'
import { releasePleaseManifest } from '@relman/core/version/release-please'
import type { Inputs } from './inputs.ts'

const changeFile = /^\.changeset\/(?:pre\/)?(?!(?:readme|agents|claude|gemini)\.md$)[^/.][^/]*\.md$/i

/** As many change files are looked at; one is enough for the suggestion. */
const mostFiles = 20

type Ask = {
  git: Pick<Git, 'file'>
  sha: string
  policy: Config['version']
  input: Pick<Inputs, 'version'>
  commits: readonly Commit[]
}

/**
 * Which other tool seems to decide versions here while the policy leaves that to relman, in one sentence for the summary; nothing where
 * the changes of the range show none. Only paths of the range are looked at, so that it costs nothing where there is nothing.
 */
export const suggestFrom = async ({ git, sha, policy, input, commits }: Ask): Promise<string[]> => {
  if (policy.from !== 'relman' || input.version !== '') return []
  const touched = new Set(commits.flatMap(({ paths }) => paths ?? []))
  const there = async (path: string) => (await fileOf(git, sha, path)) !== null
  let pending = 0
  for (const path of [...touched].filter((each) => changeFile.test(each)).slice(0, mostFiles))
    if (await there(path)) pending += 1
  if (pending > 0 && (await there('.changeset/config.json')))
    return [
      say(
        `${pending} change ${pending === 1 ? 'file of changesets is' : 'files of changesets are'} pending, and nothing asked them`,
        'changesets',
      ),
    ]
  return touched.has(releasePleaseManifest) && (await there(releasePleaseManifest))
    ? [say(`${releasePleaseManifest} changed, and nothing asked it`, 'release-please')]
    : []
}

const say = (what: string, from: string): string =>
  `version.from: ${what}: this version is relman's own; where ${from} decides, write version: { from: ${from} }`

const fileOf = async (git: Pick<Git, 'file'>, sha: string, path: string): Promise<string | null> => {
  try {
    return await git.file(sha, path)
  } catch (error) {
    // A link or a submodule is no file of such a tool.
    if (!(error instanceof ConfigurationError)) throw error
    return null
  }
}
