import { readCaller } from './read-caller.ts'
import type { Operation } from './train.ts'

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
  const caller = readCaller(text)
  if (caller === undefined) return [`${where} could not be read as YAML`]
  const { inputs, title } = caller
  const missing = ['train', inputOf[operation]].filter((name) => !inputs.includes(name))
  return [
    ...(missing.length > 0
      ? [
          `${where} lacks the workflow_dispatch inputs ${missing.join(' and ')}; add them as docs/manifest.md shows`,
        ]
      : []),
    ...(/\$\{\{[^}]*\binputs\.train\b[^}]*\}\}/.test(title)
      ? []
      : [`the run-name of ${where} lacks \${{ inputs.train }}, by which its runs are found`]),
  ]
}
