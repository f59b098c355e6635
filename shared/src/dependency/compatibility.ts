import semver from 'semver'
import { cut } from '../text/visible.ts'
import { byName, type Component } from './component.ts'

/** A need that the version at hand does not meet, or that cannot be verified because no version is known. */
export type Conflict = { component: string; needs: string; range: string; found: string | null; why: string }

/**
 * Row P7: every need with a range against the version that will be there: that of this release, else the one that is
 * installed. A pre-release meets a range only as semver says (the range names a pre-release of the same version).
 *
 * @param installed what runs and is not part of this release, name to version
 */
export const versionConflicts = (
  components: readonly Component[],
  installed: Readonly<Record<string, string>> = {},
): Conflict[] => {
  const known = byName(components)
  return components.flatMap(({ name, needs }) =>
    needs.flatMap(({ component, range }) => {
      if (range === null) return []
      const found = known.get(component)?.version ?? ownValue(installed, component) ?? null
      if (found !== null && meets(found, range)) return []
      const why =
        found === null
          ? `${cut(name, 80)} needs ${cut(component, 80)} ${cut(range, 80)}, but no version of ${cut(component, 80)} is written`
          : `${cut(name, 80)} needs ${cut(component, 80)} ${cut(range, 80)}, but it will be ${cut(found, 80)}${semver.prerelease(found) && semver.satisfies(found, range, { includePrerelease: true }) ? ', a pre-release, which the range does not name' : ''}`
      return [{ component: name, needs: component, range, found, why }]
    }),
  )
}

/** Whether a version lies in a range; false for what is neither. */
export const meets = (version: string, range: string): boolean => semver.satisfies(version, range)

const ownValue = (record: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined
