import semver from 'semver'
import type { Channel } from '../config/channels.ts'
import { ConfigurationError } from '../config/configuration-error.ts'
import { announces } from './last-release.ts'
import { highest, type ReleaseTag } from './release-tag.ts'

type Counted = { core: string; label: string; dot: string; count: number; tag: ReleaseTag }

const form = /^(\d+\.\d+\.\d+)-([A-Za-z]+)([.-]?)(\d{1,9})$/

/**
 * The next pre-release of `core` on a channel: one more than the highest counter of its label among all tags of the
 * family, wherever they are; a first one begins at 0 or 1 as the repository does (1 without a habit). On the commit
 * `sha` that carries the highest one already, it is that one. `taken` are versions that may not be used again.
 *
 * @throws ConfigurationError where it would sort below what exists: counters and channels never go back
 */
export const nextPrerelease = (
  core: string,
  channel: Channel,
  family: readonly ReleaseTag[],
  { sha, taken = new Set() }: { sha: string; taken?: ReadonlySet<string> },
): { version: string; note: string } => {
  const counted = family.map(count).filter((each) => each !== null)
  const top = highest(family.filter(({ version }) => version.startsWith(`${core}-`) && announces(version)))
  const own = counted.filter((each) => each.core === core && each.label === channel)
  const last = own.reduce<Counted | null>(
    (best, each) => (best === null || each.count > best.count ? each : best),
    null,
  )
  const here = family.some((tag) => tag.sha === sha && tag.version === last?.tag.version)
  if (last && here && top?.version === last.tag.version)
    return { version: last.tag.version, note: `${last.tag.name} is on this commit already` }
  const write = (number: number) => `${core}-${channel}${last?.dot ?? '.'}${number}`
  let number = last ? last.count + 1 : firstCount(counted)
  while (taken.has(write(number))) number += 1
  const version = write(number)
  const final = family.find((tag) => tag.final && tag.version.replace(/\+.*$/, '') === core)
  if (final) throw new ConfigurationError(`version.channel: ${version} would go back behind ${final.name}`)
  if (top && !semver.gt(version, top.version)) {
    throw new ConfigurationError(
      `version.channel: ${version} would go back behind ${top.name}; use a later channel, final, or a higher type`,
    )
  }
  return { version, note: last ? `it follows ${last.tag.name}` : `it is the first ${channel} of ${core}` }
}

const count = (tag: ReleaseTag): Counted | null => {
  const found = form.exec(tag.version.replace(/\+.*$/, ''))
  if (!found) return null
  const [, core = '', label = '', dot = '', number = ''] = found
  return { core, label, dot, count: Number(number), tag }
}

/** 0 where most series of the repository that begin at 0 or 1 begin at 0. */
const firstCount = (counted: readonly Counted[]): 0 | 1 => {
  const firsts = new Map<string, number>()
  for (const { core, label, count } of counted) {
    const series = `${core}-${label}`
    firsts.set(series, Math.min(count, firsts.get(series) ?? count))
  }
  const starts = [...firsts.values()]
  return starts.filter((start) => start === 0).length > starts.filter((start) => start === 1).length ? 0 : 1
}

/** `1.2.3+4f2a9c1.20260102030405`: the commit and its time (ISO 8601) as build metadata. */
export const withBuild = (version: string, sha: string, date: string): string => {
  const time = new Date(date).toISOString().replace(/\D/g, '').slice(0, 14)
  return `${version.replace(/\+.*$/, '')}+${sha.slice(0, 7)}.${time}`
}
