/** One decision about environments, as GitHub tells it: without time, attempt and commit. */
export type Approval = {
  environments: readonly string[]
  state: 'approved' | 'rejected' | 'pending'
  user: string
  bot: boolean
  comment: string
}

/** What an approval looks like in the record, so that a later attempt knows it again. */
export const fingerprint = ({ environments, state, user, comment }: Approval): string =>
  JSON.stringify([[...environments].sort(), state, user.toLowerCase(), comment])

/**
 * The approvals that were not there yet when this attempt began. GitHub keeps those of earlier attempts in the same
 * list without telling them apart, so they are taken away one by one.
 */
export const since = (approvals: readonly Approval[], earlier: readonly string[]): Approval[] => {
  const left = [...earlier]
  return approvals.filter((approval) => {
    const at = left.indexOf(fingerprint(approval))
    if (at < 0) return true
    left.splice(at, 1)
    return false
  })
}

/** Those that decide about one environment. */
export const about = (approvals: readonly Approval[], environment: string): Approval[] =>
  approvals.filter(
    ({ environments, state }) => state !== 'pending' && environments.some((name) => same(name, environment)),
  )

/** Names of environments are not case-sensitive. */
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
