import type { Config } from '@relman/core/config/config'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import type { Git } from '@relman/core/ports/git'
import { readObject } from '@relman/core/version/read-object'
import {
  manifestVersion,
  releasePleaseConfig,
  releasePleaseManifest,
  releasePleasePrefix,
  releaseTitle,
} from '@relman/core/version/release-please'
import semver from 'semver'
import type { Range } from './find-range.ts'

/** A version that another tool decided, or why it has decided none. `tag` is its own, where there is one. */
export type Given = { version: string; where: string; tag?: string; notes?: string[] } | { none: string }

type Ask = {
  git: Git
  sha: string
  range: Range
  from: Config['version']['from']
  /** The input `version`. */
  given: string
  component: { name: string; path: string } | null
}

/**
 * What the tool that decides versions says at the commit; null where relman decides.
 *
 * @throws ConfigurationError when its answer is missing or cannot be read
 */
export const givenVersion = async (ask: Ask): Promise<Given | null> => {
  const { given, from, range } = ask
  if (given !== '') {
    const version = semver.valid(given, { loose: false })
    const build = /\+[0-9A-Za-z.-]+$/.exec(given)?.[0] ?? ''
    if (version === null)
      throw new ConfigurationError(`input "version": write a semantic version such as 1.4.0, not "${given}"`)
    return { version: `${version}${build}`, where: 'the input version' }
  }
  if (from === 'tag')
    return fromTag(range) ?? { none: 'version.from is "tag", and no release tag is on the commit' }
  if (from === 'semantic-release') return fromSemanticRelease(ask)
  if (from === 'release-please') return fromReleasePlease(ask)
  if (from === 'changesets') {
    const { changesetsVersion } = await import('./read-changesets.ts')
    return changesetsVersion(ask)
  }
  return null
}

const fromTag = ({ own }: Range): Given | null =>
  own && { version: own.version, tag: own.name, where: `the tag ${own.name}` }

/** Its tag; else the version that its git plugin committed. The rest is its output, given as the input `version`. */
const fromSemanticRelease = async ({ git, sha, range, component }: Ask): Promise<Given> => {
  const tagged = fromTag(range)
  if (tagged) return tagged
  const file = packageFile(component?.path ?? '.')
  const text = await git.file(sha, file)
  const version = text === null ? undefined : readObject(text, file)['version']
  const last = range.last.final?.version ?? '0.0.0'
  if (typeof version === 'string' && semver.valid(version) === version && semver.gt(version, last)) {
    // `0.0.0-development` is what projects write that leave the version to semantic-release.
    if (!version.startsWith('0.0.0')) return { version, where: file }
  }
  return {
    none: `version.from is "semantic-release", and it has decided nothing: no release tag is on the commit, the input version is empty, and ${file} is not above ${last}`,
  }
}

const fromReleasePlease = async ({ git, sha, range, component }: Ask): Promise<Given> => {
  const path = component?.path ?? '.'
  const text = await git.file(sha, releasePleaseManifest)
  if (text !== null) {
    const version = manifestVersion(text, path)
    if (semver.valid(version) !== version)
      throw new ConfigurationError(`the version of "${path}" is "${version}", which is no semantic version`, {
        file: releasePleaseManifest,
      })
    return { version, where: releasePleaseManifest }
  }
  // Without a manifest (one package, a release type only) its answer is the title of the pull request that it merged.
  for (const commit of range.commits) {
    const subject = commit.message.split('\n', 1)[0] ?? ''
    const title = releaseTitle(subject)
    if (title && (component === null || title.component === component.name))
      return { version: title.version, where: `the merged release pull request (${commit.sha.slice(0, 7)})` }
  }
  return {
    none: `version.from is "release-please", and it has decided nothing: there is no ${releasePleaseManifest}, and none of the commits since the last release merges its release pull request`,
  }
}

/** What the tool puts before the version in a tag of this path; undefined where that is not its own. */
export const prefixOfTool = async (
  git: Git,
  sha: string,
  from: Config['version']['from'],
  path: string | null,
): Promise<string | undefined> => {
  if (from !== 'release-please' && from !== 'changesets') return undefined
  const file = packageFile(path ?? '.')
  const json = await git.file(sha, file)
  const name = json === null ? null : readObject(json, file)['name']
  const named = typeof name === 'string' ? name : null
  if (from === 'release-please')
    return releasePleasePrefix(await git.file(sha, releasePleaseConfig), path ?? '.', named) ?? undefined
  return path === null || named === null ? undefined : `${named}@`
}

/** The package.json of a folder of the repository. */
export const packageFile = (path: string): string => {
  const bare = path.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '')
  return bare === '' || bare === '.' ? 'package.json' : `${bare}/package.json`
}
