import type { MetricCheck } from '../../../config/metrics-policy.ts'
import { type Arm, fillVersions, isPerArm, type Versions } from './arms.ts'

export type Part = 'total' | 'events' | 'value' | 'edge'

/** One query of a check. `arm` is set where the query is about one version only, `edge` where it counts up to one. */
export type Ask = {
  check: string
  part: Part
  edge: number | null
  arm: Arm | null
  query: string
  versions: Versions
}

/**
 * The queries of the checks, with versions and edges filled in. A query with {{version}} and without {{previous}} (in it
 * or in `around`, the request that it is put into) is asked once for each version.
 */
export const asksOf = (checks: readonly MetricCheck[], versions: Versions, around = ''): Ask[] =>
  checks.flatMap((check) =>
    partsOf(check).flatMap(({ part, edge, query }) => {
      const filled = edge === null ? query : query.replaceAll('{{le}}', String(edge))
      return armsOf(filled + around, versions).map(([arm, about]) => ({
        check: check.name,
        part,
        edge,
        arm,
        query: fillVersions(filled, about),
        versions: about,
      }))
    }),
  )

const partsOf = (check: MetricCheck): { part: Part; edge: number | null; query: string }[] => {
  switch (check.kind) {
    case 'ratio':
    case 'rate':
      return [
        { part: 'total', edge: null, query: check.total },
        { part: 'events', edge: null, query: check.events },
      ]
    case 'latency': {
      const edges: (number | null)[] = check.edges ?? [null]
      return [
        ...(check.total ? [{ part: 'total' as const, edge: null, query: check.total }] : []),
        ...edges.map((edge) => ({ part: 'edge' as const, edge, query: check.histogram })),
      ]
    }
    case 'value':
      return [{ part: 'value', edge: null, query: check.value }]
  }
}

const armsOf = (text: string, { version, previous }: Versions): [Arm | null, Versions][] => {
  if (!isPerArm(text)) return [[null, { version, previous }]]
  const canary: [Arm, Versions] = ['canary', { version, previous }]
  return previous === null ? [canary] : [canary, ['stable', { version: previous, previous }]]
}
