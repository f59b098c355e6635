import { gt, valid } from 'semver'

/** Versions that are not semantic versions cannot be compared: only the same one is not newer. */
export const isNewer = (version: string, than: string): boolean =>
  valid(version) && valid(than) ? gt(version, than) : version !== than
