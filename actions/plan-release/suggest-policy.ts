import { componentsTouched } from '@relman/core/component/components-touched'
import type { Config } from '@relman/core/config/config'
import type { Git } from '@relman/core/ports/git'
import { inventory } from '@relman/core/scope/inventory'
import { inferPolicy, type Made } from '@relman/core/version/infer-policy'
import { type ReleaseTag, readReleaseTag } from '@relman/core/version/release-tag'
import semver from 'semver'

const releases = 20
const nearest = 300

/** What the last releases say about the policy, in one sentence for the summary; nothing unless the policy asks for it. */
export const suggestPolicy = async (
  git: Git,
  sha: string,
  last: ReleaseTag | null,
  policy: Config['version'],
  component: { components: Config['components']; name: string } | null = null,
): Promise<string[]> => {
  if (policy.policy !== 'inferred' || last === null) return []
  const touched = component && componentsTouched(component.components, policy.shared)
  const behind = (await git.tagsBehind(sha, { limit: nearest }))
    .map(readReleaseTag)
    .filter((tag) => tag !== null)
  const finals = behind
    .filter((tag) => tag.final && tag.family === last.family)
    .sort((a, b) => semver.rcompare(a.version, b.version))
    .slice(0, releases + 1)
  const made: Made[] = []
  for (const [index, tag] of finals.entries()) {
    const before = finals[index + 1]
    if (!before || before.sha === tag.sha) continue
    const commits = await git.commits(before.sha, tag.sha, { paths: component !== null })
    const changes = inventory(commits, null)
      .filter(
        ({ change, paths }) =>
          !touched || touched({ paths, area: change.area }).includes(component?.name ?? ''),
      )
      .map(({ change }) => ({ ...change, level: 'low' as const, levelWhy: '' }))
    made.push({ before, tag, changes })
  }
  if (made.length < 5)
    return [`version.policy: the policy cannot be inferred from ${made.length} releases; 5 are needed`]
  const { stated, best, of, suggestion } = inferPolicy(made, policy)
  return [
    suggestion === ''
      ? `version.policy: the stated policy explains ${stated} of the last ${of} releases, and no other one clearly more`
      : `version.policy: ${suggestion} would explain ${best} of the last ${of} releases, the stated policy explains ${stated}; labels of pull requests were not asked for`,
  ]
}
