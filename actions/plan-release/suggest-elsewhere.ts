import type { Config } from '@relman/core/config/config'
import { couldGoElsewhere } from '@relman/core/elsewhere/no-release'
import type { Commit } from '@relman/core/ports/git'
import type { Outcome } from '@relman/core/runtime/outcome'
import { code, inline } from '@relman/core/text/escape-markdown'
import type { Inputs } from './inputs.ts'

type Ask = { policy: Config; input: Inputs; commits: readonly Commit[] }

/**
 * Says below a plan that nothing but configuration, infrastructure or prototypes changed, and what the policy would have to name so that
 * this were no release (row L7). It is planned all the same: only the protected branch grants it.
 */
export const suggestElsewhere = (outcome: Outcome, { policy, input, commits }: Ask): Outcome => {
  const asked = input.type !== '' || input.disclosure !== '' || policy.version.from !== 'relman'
  if (asked || outcome.decision !== 'planned') return outcome
  const ways = couldGoElsewhere(policy.elsewhere, commits)
  if (ways === null) return outcome
  const what = ways.map((way) => way.what).join(' and ')
  const paths = ways.flatMap((way) => way.paths)
  const shown = paths
    .slice(0, 5)
    .map((path) => code(path, 120))
    .join(', ')
  const lines = ways.map((way) => `  - { what: ${way.what} }`).join('\n')
  const named = ways.every(({ what }) => /^[a-z]+$/.test(what))
    ? `\n\n\`\`\`yaml\nelsewhere:\n${lines}\n\`\`\``
    : ''
  return {
    ...outcome,
    data: { ...outcome.data, couldGoElsewhere: ways.map((way) => way.what) },
    summary: `${outcome.summary}\n\n## Perhaps no release\n\nOnly ${inline(what)} changed (${shown}${paths.length > 5 ? ', …' : ''}). If such a change goes its own way, name it in the policy of the protected branch; the next one is then no release.${named}`,
  }
}
