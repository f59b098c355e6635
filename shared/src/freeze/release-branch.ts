import semver from 'semver'

/** `1.4.0` of `1.4.0-rc.1+build`: a branch holds all pre-releases of its version. */
const core = (version: string): string => {
  const parsed = semver.parse(version)
  return parsed ? `${parsed.major}.${parsed.minor}.${parsed.patch}` : version
}

/** The branch that a pattern of `branches.release` gives a release. */
export const releaseBranch = (
  pattern: string,
  { service, version }: { service: string; version: string },
): string => pattern.replaceAll('{component}', service).replace('{version}', core(version))

/** Of which component and version a branch is, where it has the name that `branches.release` gives; null where it has not. */
export const readReleaseBranch = (
  pattern: string | undefined,
  branch: string,
  components: readonly string[],
): { component: string | null; version: string } | null => {
  const version = /(\d{1,9}\.\d{1,9}\.\d{1,9})$/.exec(branch)?.[1]
  if (pattern === undefined || version === undefined) return null
  if (!pattern.includes('{component}'))
    return releaseBranch(pattern, { service: '', version }) === branch ? { component: null, version } : null
  const component = components.find((name) => releaseBranch(pattern, { service: name, version }) === branch)
  return component === undefined ? null : { component, version }
}
