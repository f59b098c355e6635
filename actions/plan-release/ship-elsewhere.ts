import type { Config } from '@relman/core/config/config'
import { noRelease } from '@relman/core/elsewhere/no-release'
import type { Commit } from '@relman/core/ports/git'
import type { Outcome } from '@relman/core/runtime/outcome'
import { code, inline } from '@relman/core/text/escape-markdown'
import { refusal } from './no-plan.ts'

/**
 * A range in which nothing is a release (row L7), and where each part of it goes instead; null where something is. A type
 * that the caller names, or a version that another tool has decided, is a release in any case.
 */
export const shipElsewhere = (policy: Config, type: string, commits: readonly Commit[]): Outcome | null => {
  if (type !== '' || policy.version.from !== 'relman') return null
  const ways = noRelease(policy.elsewhere, commits)
  if (ways === null) return null
  const what = ways.map((way) => way.what).join(' and ')
  const message = `no release is needed: only ${what} changed; ${ways.map(({ go }) => go).join('; ')}`
  const lines = ways.map(
    ({ what, go, paths }) =>
      `- **${inline(what)}**: ${inline(go)} (${paths
        .slice(0, 5)
        .map((path) => code(path, 120))
        .join(', ')}${paths.length > 5 ? ', …' : ''})`,
  )
  return {
    ...refusal('no-release-needed', message),
    decision: 'no-release',
    failed: false,
    data: { elsewhere: ways },
    summary: `# No release is needed\n\nOnly ${inline(what)} changed since the last release, and goes its own way:\n\n${lines.join('\n')}\n\nTo release anyway, set \`type\`.`,
  }
}
