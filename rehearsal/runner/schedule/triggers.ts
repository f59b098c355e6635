import { readEvents } from '../workflow/read.ts'
import type { Source } from '../workflow/source.ts'
import { mappingOf, type Tree } from '../workflow/tree.ts'
import type { Trigger } from './contexts.ts'

/**
 * Paths of the workflows that an event starts: those that name it and whose filters let it through
 * (docs: events-that-trigger-workflows). Files that do not parse are left out, as they start nothing.
 */
export function triggeredWorkflows(source: Source, trigger: Trigger): string[] {
  const found: string[] = []
  for (const name of source.list('.github/workflows').sort()) {
    if (!/\.ya?ml$/.test(name)) continue
    const path = `.github/workflows/${name}`
    const on = readEvents({ name: path, content: source.read(path) ?? '' })
    if (on?.has(trigger.event) && passes(on.get(trigger.event), trigger)) found.push(path)
  }
  return found
}

function passes(filter: Tree | undefined, { event, ref, payload }: Trigger): boolean {
  const list = (key: string) => {
    const value = mappingOf(filter).get(key)
    return value === undefined ? undefined : Array.isArray(value) ? value.map(String) : [String(value)]
  }
  if (event === 'repository_dispatch') return list('types')?.includes(String(payload.action)) ?? true
  if (event === 'schedule') {
    const crons = Array.isArray(filter) ? filter.map((entry) => String(mappingOf(entry).get('cron'))) : []
    return payload.schedule === undefined || crons.includes(String(payload.schedule))
  }
  if (event !== 'push') return true
  const tag = ref.startsWith('refs/tags/')
  const name = ref.replace(/^refs\/(heads|tags)\//, '')
  const [wanted, ignored] = tag
    ? [list('tags'), list('tags-ignore')]
    : [list('branches'), list('branches-ignore')]
  const others = tag ? (list('branches') ?? list('branches-ignore')) : (list('tags') ?? list('tags-ignore'))
  if (!wanted && !ignored) return others === undefined
  if (ignored) return !matchesRef(ignored, name)
  return matchesRef(wanted ?? [], name)
}

/** Patterns in order, a later `!pattern` takes back (docs: workflow-syntax#filter-pattern-cheat-sheet). */
function matchesRef(patterns: string[], name: string): boolean {
  let matched = false
  for (const pattern of patterns) {
    const negated = pattern.startsWith('!')
    const body = (negated ? pattern.slice(1) : pattern)
      .replace(/[.^${}()|\\]/g, '\\$&')
      .replace(/\*\*|\*/g, (wild) => (wild === '**' ? '.*' : '[^/]*'))
    if (new RegExp(`^${body}$`).test(name)) matched = !negated
  }
  return matched
}
