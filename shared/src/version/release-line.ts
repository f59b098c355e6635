import semver from 'semver'
import type { LastRelease } from './last-release.ts'

/** A line of versions that a branch stands for: from `floor` on, below `end` (both plain versions). */
export type ReleaseLine = { branch: string; words: string; floor: string; end: string }

const shape = '(0|[1-9]\\d{0,5})\\.(?:x|(0|[1-9]\\d{0,5})(?:\\.(?:x|(0|[1-9]\\d{0,5})))?)'

/**
 * The line that a branch stands for: `1.x` is 1.0.0 up to 2.0.0, `1.4.x`, `1.4` and `1.4.2` are 1.4 up to 1.5.0. null
 * where no template fits. A lone number (`release/7`) names no line: it may be a date or a sprint. `component` is null
 * where the repository is one component.
 */
export const readLine = (
  branch: string,
  templates: readonly string[],
  component: string | null,
): ReleaseLine | null => {
  for (const template of templates) {
    if (template.includes('{component}') !== (component !== null)) continue
    const [before = '', after = ''] = template.split('{line}').map((part) => literal(part, component ?? ''))
    const found = new RegExp(`^${before}${shape}${after}$`).exec(branch)
    if (!found) continue
    const [, major = '0', minor, patch] = found
    const floor = `${major}.${minor ?? 0}.${patch ?? 0}`
    const end = minor === undefined ? `${Number(major) + 1}.0.0` : `${major}.${Number(minor) + 1}.0`
    const words = minor === undefined ? `${major}.x` : `${major}.${minor}.x`
    return { branch, words, floor, end }
  }
  return null
}

const literal = (text: string, component: string): string =>
  text.replaceAll('{component}', component).replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')

/**
 * Whether a branch's line is one that follows the last release: its versions have begun, or the first of them is the next
 * major, minor or patch. `release/2026.01` after 1.4.0 names no line of these versions.
 */
export const lineFollows = ({ floor, end }: ReleaseLine, { final, announced }: LastRelease): boolean => {
  const last = final?.version ?? announced?.version
  if (last !== undefined && semver.gte(last, floor)) return true
  const core = last?.replace(/[-+].*$/, '')
  const steps = ['major', 'minor', 'patch'] as const
  const next = core === undefined ? ['0.1.0', '1.0.0'] : steps.map((step) => semver.inc(core, step) ?? '')
  return next.some((version) => semver.satisfies(version, `>=${floor} <${end}`))
}
