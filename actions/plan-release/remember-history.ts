import type { Git } from '@relman/core/ports/git'

/** The same clone, asked once for each thing: components have most of their history in common. */
export const rememberHistory = (git: Git): Git => {
  const behind = new Map<string, ReturnType<Git['tagsBehind']>>()
  const ranges = new Map<string, ReturnType<Git['commits']>>()
  return {
    ...git,
    tagsBehind: async (sha, { limit, matching = () => true } = {}) => {
      const all = behind.get(sha) ?? git.tagsBehind(sha)
      behind.set(sha, all)
      return (await all).filter(({ name }) => matching(name)).slice(0, limit)
    },
    commits: (from, to, options = {}) => {
      const key = JSON.stringify([from, to, options.firstParent ?? false, options.paths ?? false])
      const found = ranges.get(key) ?? git.commits(from, to, options)
      ranges.set(key, found)
      return found
    },
  }
}
