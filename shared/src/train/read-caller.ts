import { parseDocument } from 'yaml'

const sizeLimit = 256 * 1024
const longestTitle = 1_000

/** What a workflow takes when it is dispatched, and how its runs are called; undefined where that cannot be read. */
export type Caller = { inputs: string[]; title: string }

export const readCaller = (text: string): Caller | undefined => {
  const workflow = text.length > sizeLimit ? undefined : read(text)
  if (workflow === undefined) return undefined
  const inputs = below(below(below(workflow, 'on'), 'workflow_dispatch'), 'inputs')
  const title = below(workflow, 'run-name')
  return {
    inputs:
      typeof inputs === 'object' && inputs !== null && !Array.isArray(inputs)
        ? Object.entries(inputs).flatMap(([name, input]) => (input === undefined ? [] : [name]))
        : [],
    title: typeof title === 'string' && title.length <= longestTitle ? title : '',
  }
}

const read = (text: string): unknown => {
  try {
    const document = parseDocument(text, { logLevel: 'silent' })
    return document.errors.length > 0 ? undefined : (document.toJS({ maxAliasCount: 100 }) ?? null)
  } catch {
    return undefined
  }
}

const below = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined
