import semver from 'semver'

/**
 * The last candidate of a final version among known versions: the highest pre-release of the same number. null for a
 * version that is a pre-release itself, or without any.
 */
export const lastCandidate = (version: string, known: readonly string[]): string | null => {
  const final = semver.parse(version)
  if (!final || final.prerelease.length > 0) return null
  const number = `${final.major}.${final.minor}.${final.patch}`
  const [last] = known
    .filter((one) => {
      const read = semver.parse(one)
      return (
        read !== null && read.prerelease.length > 0 && `${read.major}.${read.minor}.${read.patch}` === number
      )
    })
    .sort(semver.rcompare)
  return last ?? null
}
