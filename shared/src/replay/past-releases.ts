import { inferFamily, type ReleaseTag, readReleaseTag } from '../version/release-tag.ts'

/** A release of the past; `at` in Unix seconds. */
export type PastRelease = { tag: string; version: string; at: number }

/** The final releases among dated tags, oldest first, of the family that this service's releases belong to. */
export const pastReleases = (
  tags: readonly { name: string; at: number }[],
  service: string,
): PastRelease[] => {
  const read = [...tags]
    .sort((a, b) => a.at - b.at)
    .flatMap(({ name, at }) => {
      const tag = readReleaseTag({ name, sha: '' })
      return tag?.final ? [{ ...tag, at }] : []
    })
  const family = inferFamily([...read].reverse() satisfies ReleaseTag[], service)
  return read
    .filter((tag) => tag.family === family)
    .map(({ name, version, at }) => ({ tag: name, version, at }))
}
