import semver from 'semver'
import { familyOf, type ReleaseTag, type Tag } from './release-tag.ts'

const shape = /^(.*?[^0-9.])?(\d{1,9}\.\d{1,9})$/

/** Reads `v4.3` as 4.3.0, for projects that leave the last zero away; null for anything else. */
export const readShortTag = (tag: Tag): ReleaseTag | null => {
  if (tag.name.length > 250) return null
  const match = shape.exec(tag.name)
  const parsed = match && semver.parse(`${match[2]}.0`)
  if (!match || !parsed) return null
  const prefix = match[1] ?? ''
  return { ...tag, prefix, family: familyOf(prefix), version: parsed.version, final: true }
}

/**
 * Short tags that may be a release after `final`: of the family, and above it. One that moves along (`v4.3` beside
 * `v4.3.1`) never is above the version that it stands for.
 */
export const shortTagsAbove = (
  tags: readonly Tag[],
  family: string,
  final: ReleaseTag | null,
): readonly ReleaseTag[] =>
  tags
    .map(readShortTag)
    .filter((tag) => tag !== null)
    .filter((tag) => tag.family === family && (final === null || semver.gt(tag.version, final.version)))
