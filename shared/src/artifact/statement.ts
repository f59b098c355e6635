import { isDigest } from './digest.ts'

/** A statement about an artifact (in-toto v1) as it stands in a bundle. Its signature is not checked by reading it. */
export type Statement = { predicate: string; subjects: string[]; commit: string | null }

type Dict = Record<string, unknown>

/** The statement in the decoded payload of a DSSE envelope; null where it is none. */
export const readStatement = (payload: string): Statement | null => {
  let value: Dict
  try {
    value = JSON.parse(payload) as Dict
  } catch {
    return null
  }
  const predicate = value?.['predicateType']
  const subjects = Array.isArray(value?.['subject']) ? value['subject'].slice(0, 1_000) : []
  if (typeof predicate !== 'string') return null
  return {
    predicate: predicate.slice(0, 300),
    subjects: subjects.flatMap((one: Dict | null) =>
      Object.entries((one?.['digest'] as Dict | undefined) ?? {})
        .map(([algorithm, hex]) => `${algorithm}:${String(hex)}`)
        .filter(isDigest),
    ),
    commit: commitIn(value['predicate'] as Dict | undefined),
  }
}

/** SLSA provenance v1 names the source among the resolved dependencies, with its commit. */
const commitIn = (predicate: Dict | undefined): string | null => {
  const definition = predicate?.['buildDefinition'] as Dict | undefined
  const sources = definition?.['resolvedDependencies']
  for (const one of Array.isArray(sources) ? sources.slice(0, 100) : []) {
    const commit = ((one as Dict | null)?.['digest'] as Dict | undefined)?.['gitCommit']
    if (typeof commit === 'string' && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(commit)) return commit
  }
  return null
}
