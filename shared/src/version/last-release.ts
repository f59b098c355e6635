import { familyOf, highest, inferFamily, type ReleaseTag } from './release-tag.ts'

/** Where the next version starts from: the last final release behind the commit, and what was announced since. */
export type LastRelease = {
  final: ReleaseTag | null
  /** The highest alpha, beta, rc or next above the last final one. Nightly and canary builds announce nothing. */
  announced: ReleaseTag | null
  /** What a new tag of this family begins with. */
  prefix: string
  /** What release tags begin with, of every family. */
  prefixes?: readonly string[]
}

// `1.0.0-rc.1`, `1.0.0-rc1`, `1.0.0-next.4`, `1.0.0-M2`; not `1.0.0-next-20260101-4f2a`.
const announcement = /^\d+\.\d+\.\d+-(?:alpha|beta|rc|cr|next|preview|pre|m)(?:[.-]?\d{1,5}(?:\.\d{1,5})?)?$/i

/** Whether a version is one that is announced to users, as nightly and canary builds are not. */
export const announces = (version: string): boolean => announcement.test(version.replace(/\+.*$/, ''))

/**
 * The last release among the tags behind a commit (nearest first). `prefix` of the policy chooses the family, else the
 * tags themselves do. The tag names the newest habit: with or without `v` as on the nearest tag.
 */
export const lastRelease = (
  behind: readonly ReleaseTag[],
  policyPrefix: string | undefined,
  service: string,
): LastRelease => {
  const family = policyPrefix === undefined ? inferFamily(behind, service) : familyOf(policyPrefix)
  const own = behind.filter((tag) => tag.family === family)
  const final = highest(own.filter((tag) => tag.final))
  const announced = highest(own.filter((tag) => !tag.final && announces(tag.version)))
  const above = announced !== null && (final === null || highest([final, announced]) === announced)
  return {
    final,
    announced: above ? announced : null,
    prefix: policyPrefix ?? final?.prefix ?? announced?.prefix ?? (family || 'v'),
    prefixes: [...new Set(behind.map((tag) => tag.prefix))],
  }
}
