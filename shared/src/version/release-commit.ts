import type { Change } from '../scope/change.ts'

const words =
  /^(?:release|releases|released|publish|version|versions|bump|prepare|prep|start|cut|the|for|to|of|v|next|development|iteration|packages)$/i
// Without one of these words the version of a foreign name is the update of a dependency.
const releasing = /^(?:release|releases|released|publish|prepare|prep|cut)$/i
const number = /^([\w@/.-]*[@/-])?v?\d+\.\d+(?:\.\d+)?(?:[-.+]\w[\w.-]*)?$/i
const full = /^(?:[\w@/.-]*[@/-])?v?\d+\.\d+\.\d+(?:[-.+]\w[\w.-]*)?$/i
const noise = /^(?:\[[\w-]{1,40}\]|:[a-z0-9_]{1,40}:|(?:\p{Extended_Pictographic}|\ufe0f)+|→|->|=>)$/u
const phrases =
  /^(?:version packages|prepare (?:the )?(?:next )?release|prepare for (?:the )?next development iteration|start (?:the )?next (?:development )?(?:version|iteration))$/i

/**
 * `chore(release): 1.2.3`, `Release v1.2.3`, `🔖 Release version 1.2.3`, `bump: version 1.2.2 → 1.2.3`, `Cut 1.2`,
 * `[maven-release-plugin] prepare release shop-1.2.3`: made by a release, not a change of one. Every word of the title
 * must be of that kind; `Bump pflag to 1.0.8` is a change. So is `typescript@5.4.2`, where no title says that it releases
 * and none of `prefixes`, which the repository's release tags begin with, has that name.
 */
export const isReleaseCommit = (
  { kind, area, title }: Pick<Change, 'kind' | 'area' | 'title'>,
  prefixes: readonly string[] = [],
): boolean => {
  if (kind === 'chore' && area === 'release') return true
  if (kind !== 'chore' && kind !== 'other') return false
  const parts = title.split(/[\s:,]+/).filter((part) => part !== '' && !noise.test(part))
  if (phrases.test(parts.join(' '))) return true
  if (parts.length === 0 || parts.length > 12) return false
  const numbers = parts.filter((part) => number.test(part))
  const others = parts.filter((part) => !number.test(part))
  if (!others.every((part) => words.test(part))) return false
  if (!others.some((part) => releasing.test(part)) && !numbers.every((part) => isOwn(part, prefixes)))
    return false
  return numbers.some((part) => full.test(part)) || (numbers.length > 0 && others.length > 0)
}

/** Whether a version stands alone or behind a name that tags have. */
const isOwn = (part: string, prefixes: readonly string[]): boolean => {
  const name = nameOf(number.exec(part)?.[1] ?? '')
  return name === '' || prefixes.some((prefix) => nameOf(prefix) === name)
}

const nameOf = (prefix: string): string => prefix.toLowerCase().replace(/(?:^|[@/-]+)v?$/, '')
