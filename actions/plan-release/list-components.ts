import { pathsWithoutFiles } from '@relman/core/component/paths-without-files'
import type { ComponentsPolicy } from '@relman/core/config/components-policy'
import type { Git } from '@relman/core/ports/git'
import type { Outcome } from '@relman/core/runtime/outcome'
import { code, inline } from '@relman/core/text/escape-markdown'
import { type Chosen, takenAt } from './choose-version.ts'
import type { FoundComponent } from './find-components.ts'
import { empty } from './no-plan.ts'

type Ready = FoundComponent & { chosen: Chosen & { version: string } }

/** Which components need a release, in the order of release; the plan of each is a run of its own (input `component`). */
export const listComponents = async (
  found: readonly FoundComponent[],
  sha: string,
  git: Git,
  components: ComponentsPolicy,
): Promise<Outcome> => {
  const ready = found.filter(
    (each): each is Ready => !('refused' in each.chosen) && each.chosen.version !== null,
  )
  const held = await Promise.all(found.map((each) => holds(each, sha, git)))
  const faults = held.filter((fault) => fault !== null)
  const rows = ready.map(({ name, layer, range, scope, chosen }) => ({
    component: name,
    version: chosen.version,
    tag: chosen.tag,
    previous: range.previous?.version ?? '',
    bump: chosen.bump,
    layer,
    changes: scope.changes.length,
    why: reason(chosen),
  }))
  const outside = found.length === 0 ? 0 : countOutside(found)
  const lost = pathsWithoutFiles(components, await git.paths(sha))
  const failed = faults.length > 0
  const message = failed
    ? faults.join('; ')
    : rows.length === 0
      ? 'no release is needed: no component has a change that asks for one'
      : `${rows.length} of ${found.length} components need a release: ${rows.map(({ component, version }) => `${component} ${version}`).join(', ')}`
  return {
    decision: failed ? 'refused' : rows.length === 0 ? 'no-release' : 'components',
    reasonCode: failed ? 'component-held' : rows.length === 0 ? 'no-release-needed' : 'components-listed',
    message,
    failed,
    outputs: { ...empty, sha, components: JSON.stringify(failed ? [] : rows) },
    data: { sha, components: rows, outside },
    summary: summary(found, rows, [...faults, ...lost.map(withoutFiles)], outside),
  }
}

type Row = {
  component: string
  version: string
  previous: string
  bump: string
  why: string
  changes: number
}

const holds = async ({ name, chosen }: FoundComponent, sha: string, git: Git): Promise<string | null> => {
  if ('refused' in chosen) return `${name}: ${chosen.refused}`
  if (chosen.version === null) return null
  const taken = await takenAt(git, chosen.tag, sha)
  return taken === null || taken === sha
    ? null
    : `${name}: ${chosen.tag} exists already, at commit ${taken.slice(0, 12)}: release a commit after it, or set type`
}

const reason = ({ why, notes }: Chosen): string => {
  const first = why.find(({ decides }) => decides)
  return first ? `${first.subject} (${first.rule})` : (notes[0] ?? '')
}

const withoutFiles = ({ name, path }: { name: string; path: string }): string =>
  `${name}: ${path} holds no file of this commit, so that no change there releases it: mend components.${name}.path`

/** Changes of the longest range that touch no component. */
const countOutside = (found: readonly FoundComponent[]): number =>
  Math.max(...found.map(({ scope }) => scope.outside))

const summary = (
  found: readonly FoundComponent[],
  rows: readonly Row[],
  faults: readonly string[],
  outside: number,
): string => {
  const head =
    rows.length === 0
      ? '# No component needs a release'
      : `# ${rows.length} of ${found.length} components need a release`
  const table = rows.map(
    ({ component, previous, version, bump, changes, why }) =>
      `| ${inline(component)} | ${previous === '' ? '(first)' : inline(previous)} → **${inline(version)}** | ${bump} | ${changes} | ${inline(why, 200)} |`,
  )
  const quiet = found.filter(({ name }) => !rows.some(({ component }) => component === name))
  return [
    head,
    faults.map((fault) => `- ${inline(fault, 500)}`).join('\n'),
    table.length === 0
      ? ''
      : `| component | version | step | changes | why |\n|---|---|---|---|---|\n${table.join('\n')}\n\nIn this order: what a component is built from comes first. Each is planned by its own run, with the input ${code('component')}.`,
    quiet.length === 0 ? '' : `No release: ${quiet.map(({ name }) => inline(name)).join(', ')}.`,
    outside === 0
      ? ''
      : `${outside} ${outside === 1 ? 'change touches' : 'changes touch'} no component and no shared file (${code('version.shared')}); no release holds them.`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}
