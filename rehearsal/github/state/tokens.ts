/** Who a request speaks for, and what it may do. */

import { randomBytes } from 'node:crypto'
import type { Grant, Permission } from '../hub.ts'

export type Tokens = {
  mint(grant: Grant): string
  revoke(token: string): void
  /** The grant of an `Authorization` header; undefined for none, an unknown or a revoked token. */
  grant(authorization: string | undefined): Grant | undefined
}

/** Tokens carry GitHub's prefixes (ghs_ for a job's, ghp_ for a user's), so that maskers recognise them. */
export function openTokens(): Tokens {
  const grants = new Map<string, Grant>()
  return {
    mint: (grant) => {
      const token = `${grant.kind === 'job' ? 'ghs_' : 'ghp_'}${randomBytes(18).toString('hex')}`
      grants.set(token, grant)
      return token
    },
    revoke: (token) => grants.delete(token),
    grant: (authorization) => grants.get(/^(?:token|bearer) (\S+)$/i.exec(authorization ?? '')?.[1] ?? ''),
  }
}

/** `pull-requests` and `pull_requests` are the same scope. */
const key = (scope: string): string => scope.replaceAll('_', '-')

export function allowed(grant: Grant, scope: string, level: Permission): boolean {
  if (grant.kind === 'user') return true
  const held = Object.entries(grant.permissions).find(([name]) => key(name) === key(scope))?.[1]
  return held === 'write' || held === level
}

/** People reach every repository here; the token of a job its own one, that of an app those of its installation. */
export const reaches = ({ kind, repositories }: Grant, repository: string): boolean =>
  kind === 'user' || repositories === undefined || repositories.includes(repository)

/**
 * The account that what the token makes belongs to: everything done with a job's token is by the bot
 * (docs.github.com, "Automatic token authentication": an installation token of the GitHub Actions app).
 */
export const account = (grant: Grant): string =>
  grant.kind === 'job' ? `${grant.app ?? 'github-actions'}[bot]` : grant.actor
