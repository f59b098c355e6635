import { existsSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import { readConfig } from '@relman/core/config/read-config'
import { type NumberedLine, numberedLines } from '@relman/core/replay/numbered-lines'
import { type ReplayPolicy, replayLine } from '@relman/core/replay/replay-trace'
import { readText } from './read-text.ts'

/** Fewer lines than these are judged sooner than a thread has started. */
const LINES_WORTH_A_THREAD = 200
const MOST_THREADS = 8
const usual = '.github/relman.yml'

type Share = { policy: ReplayPolicy; lines: NumberedLine[] }

/**
 * `relman replay --config FILE --traces FILE.jsonl`: what the configuration's criteria would have said of each trace,
 * one JSON object a line, in the order of the traces.
 *
 * @throws ConfigurationError when the configuration or an option is wrong
 */
export const replay = async (words: string[]): Promise<void> => {
  if (words.some((word) => /^--prometheus(=|$)/.test(word))) {
    // The threads that judge traces start sooner without it.
    const { replayProvider } = await import('./replay-provider.ts')
    return replayProvider(words)
  }
  const { config, traces } = optionsOf(words)
  if (traces === undefined)
    throw new ConfigurationError(
      'replay: write --traces FILE.jsonl, one trace a line, or --prometheus URL to read the past of a provider',
    )
  // Traces bring their own numbers, so that the defaults can judge them.
  const bare = config === undefined && !existsSync(usual)
  const path = config ?? usual
  const { rollout, metrics } = readConfig(bare ? '' : readText(path), path)
  const lines = numberedLines(readText(traces))
  if (bare)
    process.stderr.write(`there is no ${usual}: the defaults judge; name another file with --config\n`)
  for (const part of await judged({ rollout, metrics }, lines)) process.stdout.write(part)
}

/** Whether this thread was started by `replay`; if so, judges its share. */
export const isReplayThread = (): boolean => {
  if (isMainThread || !parentPort) return false
  const { policy, lines } = workerData as Share
  parentPort.postMessage(linesOf(policy, lines))
  return true
}

const linesOf = (policy: ReplayPolicy, lines: readonly NumberedLine[]): string =>
  lines.map(({ text, number }) => `${JSON.stringify(replayLine(text, policy, number))}\n`).join('')

const judged = (policy: ReplayPolicy, lines: NumberedLine[]): Promise<string[]> => {
  const threads = Math.min(
    MOST_THREADS,
    availableParallelism(),
    Math.floor(lines.length / LINES_WORTH_A_THREAD),
  )
  if (threads < 2) return Promise.resolve([linesOf(policy, lines)])
  const size = Math.ceil(lines.length / threads)
  const program = process.argv[1] ?? ''
  const file = statSync(program).isDirectory() ? join(program, 'index.js') : program
  return Promise.all(
    Array.from({ length: threads }, (_, part) => {
      const share: Share = { policy, lines: lines.slice(part * size, (part + 1) * size) }
      return new Promise<string>((resolve, reject) => {
        const thread = new Worker(file, { workerData: share })
        thread.once('message', resolve)
        thread.once('error', reject)
        thread.once('exit', (code) =>
          reject(new Error(`a thread of replay ended with ${code} before its share`)),
        )
      })
    }),
  )
}

const optionsOf = (words: string[]): { config?: string | undefined; traces?: string | undefined } => {
  const text = { type: 'string' } as const
  try {
    return parseArgs({ args: words, options: { config: text, traces: text } }).values
  } catch (error) {
    throw new ConfigurationError(`replay: ${error instanceof Error ? error.message : error}`)
  }
}
