import { appendFile } from 'node:fs/promises'
import * as core from '@actions/core'
import { inline } from '../text/escape-markdown.ts'
import type { Outcome } from './outcome.ts'
import type { Result } from './result.ts'

/** GitHub drops a step summary above 1 MiB whole (runner, FileCommandManager.cs); stay clear of it. */
const summaryLimit = 1_000_000

/** Writes the three outputs of every action and its own, the job summary, and one line of log. */
export const publishOutcome = async (action: string, outcome: Outcome, dryRun: boolean): Promise<void> => {
  const result: Result = {
    schema: 1,
    action,
    decision: outcome.decision,
    reasonCode: outcome.reasonCode,
    message: outcome.message,
    dryRun,
    data: outcome.data,
  }
  const outputs = { ...outcome.outputs, decision: outcome.decision, 'reason-code': outcome.reasonCode }
  for (const [name, value] of Object.entries(outputs)) output(name, value)
  output('result', JSON.stringify(result))
  if (outcome.failed) core.error(outcome.message, { title: `relman ${action}: ${outcome.reasonCode}` })
  else
    core.info(`${dryRun ? 'dry run: ' : ''}${outcome.decision} (${outcome.reasonCode}): ${outcome.message}`)
  await summarise(
    outcome.summary ||
      `**relman ${action}: ${outcome.decision}** (${outcome.reasonCode})\n\n${inline(outcome.message)}`,
  )
}

const output = (name: string, value: string): void => {
  try {
    core.setOutput(name, value)
  } catch (error) {
    core.warning(`output ${name} could not be written: ${String(error)}`)
  }
}

const summarise = async (markdown: string): Promise<void> => {
  const file = process.env['GITHUB_STEP_SUMMARY']
  if (!file) return
  const fits = Buffer.byteLength(markdown) <= summaryLimit
  const text = fits
    ? markdown
    : `${markdown.slice(0, summaryLimit / 4)}\n\n*Cut: the whole is in the \`result\` output.*`
  await appendFile(file, `${text}\n`).catch((error: unknown) =>
    core.warning(`the summary could not be written: ${String(error)}`),
  )
}
