import { isDigest } from '../artifact/digest.ts'
import type { Plan } from '../plan/plan.ts'
import { promotion } from './promotion.ts'

/** A deployment of the commit to an environment, as whoever made it told it; `succeededAt` (ISO 8601) is when it first did. */
export type Deployed = { payload: unknown; succeededAt: string | null }

/**
 * Row P24: what is known of one environment before the last. `digest` is null where no deployment there told one. `early`:
 * it was there, but never after the environment before. `at` is when it succeeded, where it did in its turn.
 */
export type Promoted = {
  environment: string
  state: 'same' | 'commit' | 'other' | 'early' | 'failed' | 'skipped' | 'unread'
  digest: string | null
  at: string | null
  why: string
}

/** The environments that the artifact must have been in before the last one, in their order. */
export const environmentsBefore = (plan: Plan): string[] => promotion(plan).environments.slice(0, -1)

/**
 * Whether a deployment can be of this service: several of one repository share commits. What names no service may be anybody's.
 */
export const concerns =
  (service: string) =>
  (payload: unknown): boolean => {
    const named = (payload as { service?: unknown } | null)?.service
    return typeof named !== 'string' || named === service
  }

/**
 * Whether an artifact went through an environment, by the deployments of its commit. The payload of a deployment may tell the
 * digest (`artifact-digest`, `digest`, or `image` that ends in `@sha256:…`); where none does, the commit is all that is known
 * to be the same. Only what succeeded at or after `after`, when it had been in the environment before, is in its turn.
 */
export const promoted = (
  environment: string,
  digest: string | null,
  deployments: readonly Deployed[],
  after: string | null = null,
): Promoted => {
  const about = { environment, digest: null, at: null }
  const succeeded = deployments.flatMap(({ payload, succeededAt: at }) =>
    at === null ? [] : [{ told: digestIn(payload), at }],
  )
  if (deployments.length === 0)
    return { ...about, state: 'skipped', why: 'no deployment of this commit is known there' }
  if (succeeded.length === 0)
    return { ...about, state: 'failed', why: 'no deployment of this commit succeeded there' }
  const told = succeeded.filter((one) => one.told !== null)
  const [first] = told
  const byCommit = first === undefined || digest === null
  const ours = byCommit ? succeeded : told.filter((one) => one.told === digest)
  if (ours.length === 0)
    return {
      ...about,
      state: 'other',
      digest: first?.told ?? null,
      why: `${first?.told} of this commit was there`,
    }
  const shown = byCommit ? (first?.told ?? null) : digest
  const times = ours.map(({ at }) => at).sort((a, b) => Date.parse(a) - Date.parse(b))
  const at = times.find((one) => after === null || Date.parse(one) >= Date.parse(after)) ?? null
  if (at === null)
    return {
      ...about,
      state: 'early',
      digest: shown,
      why: `it succeeded there at ${times.at(-1)}, before it had been in the environment before (${after})`,
    }
  return byCommit
    ? { environment, state: 'commit', digest: shown, at, why: 'the same commit; the digest was not told' }
    : { environment, state: 'same', digest, at, why: 'the same digest' }
}

/** Environments in their order, each with its deployments or the reason why they could not be read. */
export const promotedInOrder = (
  digest: string | null,
  found: readonly { environment: string; deployments: readonly Deployed[] | string }[],
): Promoted[] => {
  let after: string | null = null
  return found.map(({ environment, deployments }) => {
    if (typeof deployments === 'string')
      return { environment, state: 'unread', digest: null, at: null, why: deployments }
    const one = promoted(environment, digest, deployments, after)
    after = one.at ?? after
    return one
  })
}

const digestIn = (payload: unknown): string | null => {
  if (typeof payload !== 'object' || payload === null) return null
  const { 'artifact-digest': named, digest, image } = payload as Record<string, unknown>
  const ofImage = typeof image === 'string' ? image.slice(image.lastIndexOf('@') + 1) : null
  return [named, digest, ofImage].find(isDigest) ?? null
}
