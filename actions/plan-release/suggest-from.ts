import type { Config } from '@relman/core/config/config'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import type { Commit, Git } from '@relman/core/ports/git'
import { releasePleaseManifest } from '@relman/core/version/release-please'
import { familyOf } from '@relman/core/version/release-tag'
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
  /** What the tag of this version begins with, and what release tags behind it do; not where components are configured. */
  tags?: { prefix: string; prefixes?: readonly string[] | undefined } | null
}

/**
 * Which other tool seems to decide versions here, and whether several packages are tagged, while the policy leaves that to relman, in one sentence for the summary; nothing where
 * the changes of the range show none. Only paths of the range are looked at, so that it costs nothing where there is nothing.
 */
export const suggestFrom = async ({
  git,
  sha,
  policy,
  input,
  commits,
  tags = null,
}: Ask): Promise<string[]> => {
  if (policy.from !== 'relman' || input.version !== '') return []
  const touched = new Set(commits.flatMap(({ paths }) => paths ?? []))
  const there = async (path: string) => (await fileOf(git, sha, path)) !== null
  const packages = tags === null ? [] : severalOf(tags)
  const hint = packages.length > 1 ? [sayPackages(packages)] : []
  let pending = 0
  for (const path of [...touched].filter((each) => changeFile.test(each)).slice(0, mostFiles))
    if (await there(path)) pending += 1
  if (pending > 0 && (await there('.changeset/config.json')))
    return [
      say(
        `${pending} change ${pending === 1 ? 'file of changesets is' : 'files of changesets are'} pending, and nothing asked them`,
        'changesets',
        packages.length > 1,
      ),
      ...hint,
    ]
  return touched.has(releasePleaseManifest) && (await there(releasePleaseManifest))
    ? [
        say(`${releasePleaseManifest} changed, and nothing asked it`, 'release-please', packages.length > 1),
        ...hint,
      ]
    : hint
}

const say = (what: string, from: string, several: boolean): string =>
  `version.from: ${what}: this version is relman's own; where ${from} decides, write version: { from: ${from} }${several ? ' and name each package under components, as in components: { web: { path: packages/web } }' : ''}`

/** The names that tags have, where the tag of this version has one. */
const severalOf = ({ prefix, prefixes = [] }: NonNullable<Ask['tags']>): string[] =>
  familyOf(prefix) === ''
    ? []
    : [...new Set([prefix, ...prefixes].map(familyOf))].filter((name) => name !== '')

const sayPackages = (packages: readonly string[]): string =>
  `components: ${packages.length} names have release tags here (${packages
    .slice(0, 3)
    .map((name) => name.slice(0, 60))
    .join(
      ', ',
    )}${packages.length > 3 ? ', …' : ''}), and this version is of the first alone; to release each by itself, name them under components`

const fileOf = async (git: Pick<Git, 'file'>, sha: string, path: string): Promise<string | null> => {
  try {
    return await git.file(sha, path)
  } catch (error) {
    // A link or a submodule is no file of such a tool.
    if (!(error instanceof ConfigurationError)) throw error
    return null
  }
}
