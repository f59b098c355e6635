import { isDigest } from '../artifact/digest.ts'
import type { Plan } from '../plan/plan.ts'
import { promotion } from './promotion.ts'

/** A deployment of the commit to an environment, as whoever made it told it. */
export type Deployed = { payload: unknown; succeeded: boolean }

/** Row P24: what is known of one environment before the last. `digest` is null where no deployment there told one. */
export type Promoted = {
  environment: string
  state: 'same' | 'commit' | 'other' | 'failed' | 'skipped' | 'unread'
  digest: string | null
  why: string
}

/** The environments that the artifact must have been in before the last one, in their order. */
export const environmentsBefore = (plan: Plan): string[] => promotion(plan).environments.slice(0, -1)

/**
 * Whether an artifact went through an environment, by the deployments of its commit, newest first. The payload of a
 * deployment may tell the digest (`artifact-digest`, `digest`, or `image` that ends in `@sha256:…`); where none does, the
 * commit is all that is known to be the same.
 */
export const promoted = (
  environment: string,
  digest: string | null,
  deployments: readonly Deployed[],
): Promoted => {
  const succeeded = deployments.filter((one) => one.succeeded)
  const about = { environment, digest: null }
  if (deployments.length === 0)
    return { ...about, state: 'skipped', why: 'no deployment of this commit is known there' }
  if (succeeded.length === 0)
    return { ...about, state: 'failed', why: 'no deployment of this commit succeeded there' }
  const told = succeeded.map(({ payload }) => digestIn(payload)).filter((one): one is string => one !== null)
  const [last] = told
  if (last === undefined || digest === null)
    return {
      environment,
      digest: last ?? null,
      state: 'commit',
      why: 'the same commit; the digest was not told',
    }
  if (told.includes(digest)) return { environment, digest, state: 'same', why: 'the same digest' }
  return { environment, digest: last, state: 'other', why: `${last} of this commit was there` }
}

const digestIn = (payload: unknown): string | null => {
  if (typeof payload !== 'object' || payload === null) return null
  const { 'artifact-digest': named, digest, image } = payload as Record<string, unknown>
  const ofImage = typeof image === 'string' ? image.slice(image.lastIndexOf('@') + 1) : null
  return [named, digest, ofImage].find(isDigest) ?? null
}
