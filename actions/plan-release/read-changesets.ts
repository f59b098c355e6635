import { ConfigurationError } from '@relman/core/config/configuration-error'
import { readYaml } from '@relman/core/config/read-yaml'
import type { Git } from '@relman/core/ports/git'
import { fits, readGlob } from '@relman/core/text/glob'
import {
  type Changeset,
  type ChangesetsConfig,
  changesetReleases,
  type Package,
  type PreMode,
  readChangeset,
} from '@relman/core/version/changesets'
import { isObject, readObject } from '@relman/core/version/read-object'
import semver from 'semver'
import { z } from 'zod'
import { type Given, packageFile } from './given-version.ts'

type Ask = { git: Git; sha: string; component: { name: string; path: string } | null }

/**
 * What changesets has decided: the version that its pending change files make of the package, else the version in its
 * package.json, which `changeset version` wrote.
 */
export const changesetsVersion = async ({ git, sha, component }: Ask): Promise<Given> => {
  const own = packageFile(component?.path ?? '.')
  const paths = await git.paths(sha)
  const packages = await readPackages(git, sha, paths)
  const wanted = packages.get(own)
  if (!wanted)
    throw new ConfigurationError(
      'version.from is "changesets", and there is no name and version here; where the repository has several packages, name them under components',
      { file: own },
    )
  const releases = changesetReleases(
    [...packages.values()],
    await readChangesets(git, sha, paths),
    await readChangesetsConfig(git, sha),
    await readPre(git, sha),
  )
  const release = releases.get(wanted.name)
  if (!release) return { version: wanted.version, where: own }
  return {
    version: release.version,
    where: `changesets (${release.why.slice(0, 3).join(', ')}${release.why.length > 3 ? ' and more' : ''})`,
    notes: [
      `${own} still says ${wanted.version}: run changeset version before what is deployed is built, so that it says ${release.version} too`,
    ],
  }
}

const pnpmWorkspace = z.looseObject({ packages: z.array(z.string()).nullish() })
const ignored = /^(?:readme|agents|claude|gemini)\.md$/i

const readChangesets = async (git: Git, sha: string, paths: readonly string[]): Promise<Changeset[]> => {
  const found: Changeset[] = []
  for (const file of paths) {
    const [, id = '', name = ''] = /^\.changeset\/((?:pre\/)?([^/.][^/]*))\.md$/.exec(file) ?? []
    if (id === '' || ignored.test(`${name}.md`)) continue
    found.push(readChangeset((await git.file(sha, file)) ?? '', file, id))
  }
  return found
}

/** The packages of the workspace (npm, yarn, pnpm) by their file; the one at the root where there is no workspace. */
const readPackages = async (
  git: Git,
  sha: string,
  paths: readonly string[],
): Promise<Map<string, Package>> => {
  const globs = await workspacesOf(git, sha)
  const fitting = globs
    ?.filter((glob) => !glob.startsWith('!'))
    .flatMap((glob) => readGlob(packageFile(glob)))
  const files = fitting
    ? paths.filter(
        (path) => path.endsWith('/package.json') && fitting.some((glob) => fits(glob, path.split('/'))),
      )
    : ['package.json']
  const packages = new Map<string, Package>()
  for (const file of files) {
    const text = await git.file(sha, file)
    const found = text === null ? null : readPackage(readObject(text, file))
    if (found) packages.set(file, found)
  }
  return packages
}

const workspacesOf = async (git: Git, sha: string): Promise<string[] | null> => {
  const pnpm = await git.file(sha, 'pnpm-workspace.yaml')
  // Of one package the file may hold settings only.
  const listed = pnpm === null ? null : readYaml(pnpm, 'pnpm-workspace.yaml', pnpmWorkspace).value.packages
  if (listed?.length) return listed
  const text = await git.file(sha, 'package.json')
  const found = text === null ? undefined : readObject(text, 'package.json')['workspaces']
  const list = isObject(found) ? found['packages'] : found
  return Array.isArray(list) ? names(list) : null
}

const readPackage = (json: Record<string, unknown>): Package | null => {
  const { name, version } = json
  if (typeof name !== 'string' || typeof version !== 'string' || semver.valid(version) !== version)
    return null
  const needs = ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) =>
    Object.entries(isObject(json[kind]) ? json[kind] : {}).flatMap(([needed, range]) =>
      typeof range === 'string' ? [{ name: needed, range, peer: kind === 'peerDependencies' }] : [],
    ),
  )
  return { name, version, private: json['private'] === true, needs }
}

const readChangesetsConfig = async (git: Git, sha: string): Promise<ChangesetsConfig> => {
  const file = '.changeset/config.json'
  const text = await git.file(sha, file)
  if (text === null)
    throw new ConfigurationError(
      'is missing: version.from is "changesets", and changesets is not set up here',
      { file },
    )
  const json = readObject(text, file)
  const unsafe = json['___experimentalUnsafeOptions_WILL_CHANGE_IN_PATCH']
  const options = isObject(unsafe) ? unsafe : {}
  const hidden = json['privatePackages']
  const groups = (value: unknown): string[][] => (Array.isArray(value) ? value.map(names) : [])
  const narrow = options['onlyUpdatePeerDependentsWhenOutOfRange'] === true
  return {
    fixed: groups(json['fixed']),
    linked: groups(json['linked']),
    ignore: names(json['ignore']),
    private: !(hidden === false || (isObject(hidden) && hidden['version'] === false)),
    always: options['updateInternalDependents'] === 'always',
    peers: (await isThird(git, sha)) ? 'patch' : narrow ? 'major-out-of-range' : 'major',
  }
}

const names = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((name) => typeof name === 'string') : []

/** Whether the repository uses changesets 3, by the range in its package.json. */
const isThird = async (git: Git, sha: string): Promise<boolean> => {
  const text = await git.file(sha, 'package.json')
  const json = text === null ? {} : readObject(text, 'package.json')
  const ranges = ['devDependencies', 'dependencies'].map((kind) => {
    const map = json[kind]
    return isObject(map) ? map['@changesets/cli'] : undefined
  })
  const range = ranges.find((each) => typeof each === 'string')
  return typeof range === 'string' && (semver.minVersion(range.replace(/^workspace:/, ''))?.major ?? 0) >= 3
}

const readPre = async (git: Git, sha: string): Promise<PreMode | null> => {
  const file = '.changeset/pre.json'
  const text = await git.file(sha, file)
  if (text === null) return null
  const { mode, tag, changesets } = readObject(text, file)
  if ((mode !== 'pre' && mode !== 'exit') || typeof tag !== 'string')
    throw new ConfigurationError('has no mode "pre" or "exit" with a tag', { file })
  return { mode, tag, used: names(changesets) }
}
