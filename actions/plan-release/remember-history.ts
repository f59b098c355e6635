import type { Git } from '@relman/core/ports/git'
import type { GitHub, Pull } from '@relman/core/ports/github'

/** The same clone, asked once for each thing: components have most of their history in common. */
export const rememberHistory = (git: Git): Git => {
  const behind = new Map<string, ReturnType<Git['tagsBehind']>>()
  const ranges = new Map<string, ReturnType<Git['commits']>>()
  const files = new Map<string, ReturnType<Git['file']>>()
  const trees = new Map<string, ReturnType<Git['paths']>>()
  return {
    ...git,
    tagsBehind: async (sha, { limit, among } = {}) => {
      const all = behind.get(sha) ?? git.tagsBehind(sha)
      behind.set(sha, all)
      const names = among && new Set(among.map(({ name }) => name))
      return (await all).filter(({ name }) => names?.has(name) ?? true).slice(0, limit)
    },
    commits: (from, to, options = {}) => {
      const key = JSON.stringify([from, to, options.firstParent ?? false, options.paths ?? false])
      const found = ranges.get(key) ?? git.commits(from, to, options)
      ranges.set(key, found)
      return found
    },
    file: (revision, path) => {
      const key = JSON.stringify([revision, path])
      const found = files.get(key) ?? git.file(revision, path)
      files.set(key, found)
      return found
    },
    paths: (revision) => {
      const found = trees.get(revision) ?? git.paths(revision)
      trees.set(revision, found)
      return found
    },
  }
}

/** The same GitHub, asked once for each pull request. */
export const rememberPulls = (github: GitHub): GitHub => {
  const known = new Map<number, Pull | null>()
  return {
    ...github,
    pulls: async (numbers) => {
      const missing = numbers.filter((number) => !known.has(number))
      if (missing.length > 0) {
        const found = await github.pulls(missing)
        for (const number of missing) known.set(number, found.find((pull) => pull.number === number) ?? null)
      }
      return numbers.flatMap((number) => known.get(number) ?? [])
    },
  }
}
