import { judgeArtifacts } from '../artifact/judge-artifacts.ts'
import { type Looked, refresh } from '../artifact/refresh.ts'
import type { Plan } from '../plan/plan.ts'
import type { Criterion } from './criterion.ts'

/** Rows P15, P23, P25: the artifacts of the plan, with what their sources say now. */
export const artifactCriteria = (
  { artifacts, version, sha, policy }: Plan,
  now: { items: readonly Looked[]; previous: readonly Looked[] },
): Criterion[] =>
  artifacts === null
    ? []
    : judgeArtifacts(refresh(artifacts, now), { version, sha }, policy.artifacts.require).map((finding) => ({
        schema: 1 as const,
        source: 'artifact',
        operator: '=' as const,
        evidence: '',
        owner: finding.state === 'pass' ? '' : 'who builds the artifact',
        ...finding,
      }))
