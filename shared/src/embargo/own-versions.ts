import semver from 'semver'

/** Releases of the record cost a request for every thirty. */
const manyFinal = 300
const mostPre = 60

/**
 * The versions of a service whose record is read: the highest, final ones apart, so that no number of pre-releases
 * crowds one out. An older line may be under embargo, too, so none is left out for being below what is live.
 *
 * @returns also how many were left out
 */
export const ownVersions = (
  releases: readonly string[],
  mostFinal = manyFinal,
): { versions: string[]; left: number } => {
  const valid = releases.filter((release) => semver.valid(release) !== null).sort(semver.rcompare)
  const isPre = (release: string): boolean => semver.prerelease(release) !== null
  const final = valid.filter((release) => !isPre(release)).slice(0, mostFinal)
  const versions = [...final, ...valid.filter(isPre).slice(0, mostPre)]
  return { versions, left: valid.length - versions.length }
}
