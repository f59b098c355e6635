import { parseDocument } from 'yaml'
import type { Operation } from './train.ts'

const sizeLimit = 256 * 1024
const longestTitle = 1_000

const inputOf: Record<Operation, string> = { release: 'version', rollback: 'reason' }

/**
 * Why a workflow of another repository cannot be driven; empty when it can. It must take what a train gives, and carry the
 * train's key in the name of its runs: that alone finds a run again whose start was not answered.
 *
 * @param text of the file on the default branch; null when it is not there
 */
export const callerFaults = (text: string | null, file: string, operation: Operation): string[] => {
  const where = `.github/workflows/${file}`
  if (text === null) return [`there is no ${where} on its default branch; add it as docs/manifest.md shows`]
  const workflow = text.length > sizeLimit ? undefined : read(text)
  if (workflow === undefined) return [`${where} could not be read as YAML`]
  const dispatch = below(below(workflow, 'on'), 'workflow_dispatch')
  const inputs = below(dispatch, 'inputs')
  const missing = ['train', inputOf[operation]].filter((name) => below(inputs, name) === undefined)
  const title = below(workflow, 'run-name')
  return [
    ...(missing.length > 0
      ? [
          `${where} lacks the workflow_dispatch inputs ${missing.join(' and ')}; add them as docs/manifest.md shows`,
        ]
      : []),
    ...(typeof title === 'string' &&
    title.length <= longestTitle &&
    /\$\{\{[^}]*\binputs\.train\b[^}]*\}\}/.test(title)
      ? []
      : [`the run-name of ${where} lacks \${{ inputs.train }}, by which its runs are found`]),
  ]
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
