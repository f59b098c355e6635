import semver from 'semver'

/** Whether versions before and after it can be told. */
export const isKnownVersion = (version: string): boolean => semver.valid(version) !== null
