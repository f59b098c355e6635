import { lastCandidate } from '@relman/core/artifact/last-candidate'
import type { Candidate } from '@relman/core/artifact/planned-artifacts'
import { type Named, readReference } from '@relman/core/artifact/reference'
import type { Artifacts } from '@relman/core/ports/artifacts'
import type { Planning } from '@relman/core/ports/planning'
import { isKnownVersion } from './known-version.ts'
import type { Recorded } from './recorded-artifacts.ts'

type Ask = {
  ports: Pick<Planning, 'git' | 'store'>
  service: string
  named: Named
  references: readonly string[]
  source: Artifacts
  recorded: (version: string) => Promise<Recorded | null>
}

/** Row P23: the last candidate of a final version, from the record and the tags, with what it shipped. */
export const findCandidate = async ({
  ports,
  service,
  named,
  references,
  source,
  recorded,
}: Ask): Promise<{ candidate: Candidate | null; sentence: string }> => {
  const { git, store } = ports
  if (!isKnownVersion(named.version))
    return {
      candidate: null,
      sentence: `${named.version} is no semantic version, so that candidates of it are not known`,
    }
  const prefix = named.tag.endsWith(named.version) ? named.tag.slice(0, -named.version.length) : null
  const tags = prefix === null ? [] : (await git.tags()).filter(({ name }) => name.startsWith(prefix))
  const tagged = new Map(tags.map(({ name, sha }) => [name.slice((prefix ?? '').length), sha]))
  const releases = store ? await store.releases(service) : []
  const version = lastCandidate(named.version, [...releases, ...tagged.keys()])
  if (version === null)
    return {
      candidate: null,
      sentence: named.version.includes('-')
        ? `${named.version} is a candidate itself`
        : `no candidate of ${named.version} exists${store ? '' : ' among the tags; the record was not read'}`,
    }
  const known = await recorded(version)
  const blocked = store
    ? (await store.service(service)).blocked.some((one) => one.version === version)
    : false
  const sha = known?.sha ?? tagged.get(version) ?? null
  const artifacts: Candidate['artifacts'] = []
  for (const reference of references) {
    const told = known?.digests.get(reference) ?? null
    const about = { version, tag: `${prefix ?? ''}${version}`, sha: sha ?? '' }
    const read = readReference(reference, about)
    // A file of this checkout and a tag that is always the newest say nothing of the candidate.
    const silent = read.kind === 'file' || (read.kind === 'image' && read.fixed)
    const ask = { reference, named: about, digest: null, proofs: false }
    const pointed = silent ? null : (await source.look(ask)).pointed
    artifacts.push({ reference, digest: told ?? pointed, pointed })
  }
  return {
    candidate: {
      version,
      sha,
      state: known?.state ?? null,
      blocked,
      source: known ? 'record' : 'tag',
      artifacts,
    },
    sentence: `the last candidate is ${version}${known ? `, ${known.state ?? 'planned'} by the record` : ', by its tag; the record has no plan of it'}`,
  }
}
