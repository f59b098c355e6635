import type { PlannedArtifacts } from '@relman/core/artifact/planned-artifacts'
import type { Named } from '@relman/core/artifact/reference'
import type { Config } from '@relman/core/config/config'
import type { Artifacts } from '@relman/core/ports/artifacts'
import type { Planning } from '@relman/core/ports/planning'
import semver from 'semver'
import { lookAll } from './look-all.ts'
import type { Recorded } from './recorded-artifacts.ts'

/** How many versions are asked for at most, and how many of the record are looked through for them. */
const mostKept = 10
const mostReleases = 30

type Ask = {
  ports: Pick<Planning, 'store'>
  policy: Pick<Config, 'promotion'>
  service: string
  named: Named
  references: readonly string[]
  source: Artifacts
  recorded: (version: string) => Promise<Recorded | null>
}

/** Row P25: whether the versions that stay deployable still have the artifacts that the record knows. */
export const keptVersions = async ({
  ports,
  policy,
  service,
  named,
  references,
  source,
  recorded,
}: Ask): Promise<Pick<PlannedArtifacts, 'retained' | 'retention'>> => {
  const { keep } = policy.promotion
  const stated = `the last ${keep} shipped ${keep === 1 ? 'version stays' : 'versions stay'} deployable`
  const { store } = ports
  if (!store) return { retained: [], retention: `${stated}; the record was not read, so none was looked for` }
  try {
    const final = !named.version.includes('-')
    const earlier = (await store.releases(service))
      .filter((one) => !final || !one.includes('-'))
      .filter(
        (one) =>
          semver.valid(one) !== null && semver.valid(named.version) !== null && semver.lt(one, named.version),
      )
      .sort(semver.rcompare)
      .slice(0, mostReleases)
    const prefix = named.tag.endsWith(named.version) ? named.tag.slice(0, -named.version.length) : ''
    const retained: PlannedArtifacts['retained'] = []
    let shipped = 0
    for (const version of earlier) {
      if (shipped >= Math.min(keep, mostKept)) break
      const known = await recorded(version)
      if (!known || (known.state !== 'deployed' && known.state !== 'completed')) continue
      shipped += 1
      const about = { version, tag: `${prefix}${version}`, sha: known.sha ?? '' }
      const there = references.filter((reference) => known.digests.has(reference))
      for (const { reference, digest, wanted, state, why } of await lookAll(source, there, about, known))
        retained.push({ version, reference, digest: digest ?? wanted, state, why })
      if (there.length === 0)
        retained.push({
          version,
          reference: references[0] ?? '',
          digest: null,
          state: 'not-asked',
          why: 'the record has no digest of it',
        })
    }
    const more = keep > mostKept ? `; the last ${mostKept} were looked for` : ''
    return {
      retained,
      retention: `${stated}${shipped < keep && keep <= mostKept ? `; the record knows ${shipped} before ${named.version}` : more}`,
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { retained: [], retention: `${stated}; the record could not be read: ${why}` }
  }
}
