import type { Plan } from '@relman/core/plan/plan'
import { numberedLines } from '@relman/core/replay/numbered-lines'
import { replayLine } from '@relman/core/replay/replay-trace'
import type { Outcome } from '@relman/core/runtime/outcome'
import { inline } from '@relman/core/text/escape-markdown'

const shown = 50

/** Whether a file holds traces (docs/verdict.md), not observations: its first line that is not empty has arms. */
export const holdsTraces = (text: string): boolean => {
  const [first = ''] = text.trimStart().split('\n', 1)
  try {
    return Object.hasOwn(Object(JSON.parse(first)), 'arms')
  } catch {
    return false
  }
}

/**
 * One verdict a line for each trace a line, exactly as `relman replay` prints them, under the criteria of the plan. What
 * each means is the reader's to decide, so the job passes; `write` keeps the lines for later steps.
 */
export const replayTraces = async (
  { policy }: Plan,
  text: string,
  write: (name: string, text: string) => Promise<string>,
): Promise<Outcome> => {
  const found = numberedLines(text).map((line) => replayLine(line.text, policy, line.number))
  const path = await write('verdicts.jsonl', found.map((one) => `${JSON.stringify(one)}\n`).join(''))
  const of = (verdict: string) => found.filter((one) => one.verdict === verdict).length
  const counts = {
    traces: found.length,
    healthy: of('healthy'),
    unhealthy: of('unhealthy'),
    inconclusive: of('inconclusive'),
  }
  const message = `${counts.traces} traces: ${counts.healthy} healthy, ${counts.unhealthy} unhealthy, ${counts.inconclusive} inconclusive`
  const rows = found
    .slice(0, shown)
    .map(({ name, verdict, at, reason }) => `| ${inline(name, 80)} | ${verdict} | ${at ?? ''} | ${reason} |`)
  return {
    decision: 'replayed',
    reasonCode: 'traces-judged',
    message,
    failed: false,
    outputs: { verdict: '', evidence: '', 'verdict-file': path },
    data: counts,
    summary: [
      `# ${inline(message)}`,
      ['| trace | verdict | after (s) | reason |', '| --- | --- | --- | --- |', ...rows].join('\n'),
      ...(found.length > shown ? [`The first ${shown} of ${found.length} are shown.`] : []),
    ].join('\n\n'),
  }
}
