import type { Config } from '@relman/core/config/config'
import type { Commit } from '@relman/core/ports/git'
import type { GitHub } from '@relman/core/ports/github'
import { assessor } from '@relman/core/risk/assess-change'
import type { Change } from '@relman/core/scope/change'
import { inventory, pullNumbers } from '@relman/core/scope/inventory'

export type Scope = { changes: Change[]; migrations: string[] }

/** Every change of the range with its pull request and its risk, newest first. */
export const readScope = async (
  commits: readonly Commit[],
  github: GitHub | null,
  rules: Config['risk']['rules'],
): Promise<Scope> => {
  const numbers = pullNumbers(commits)
  const pulls = github ? await github.pulls(numbers) : null
  const assess = assessor(rules)
  const items = inventory(commits, pulls)
  const migrations = new Set<string>()
  const changes = items.map((item) => {
    const { level, why, migrations: found } = assess(item)
    if (!item.change.reverted) for (const path of found) migrations.add(path)
    return { ...item.change, level, levelWhy: why }
  })
  return { changes, migrations: [...migrations].sort() }
}
