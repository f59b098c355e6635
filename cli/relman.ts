import { readFileSync } from 'node:fs'
import { readConfig } from '@relman/core/config/read-config'
import { score } from './score.ts'

const usage = `node dist/relman check [FILE]
node dist/relman score --features FILE.csv [--explain]

check   reads a configuration (default: .github/relman.yml) as plan-release would. Every fault is named with its line and
        column.
score   prints, for each line of a CSV, the probability that the change will need repair; with --explain also why. The
        header names the measures, each optional: ns nd nf entropy la ld lt fix ndev age nuc exp rexp sexp. See
        docs/change-score.md.
Exit status: 0 valid, 1 not.`

const check = (file: string): string => {
  const config = readConfig(readFileSync(file, 'utf8'), file)
  const ladder = config.rollout.steps.map(({ weight }) => `${weight} %`).join(', ')
  const traffic = config.traffic ? `traffic by ${config.traffic.driver}` : 'no traffic driver'
  const checks = config.metrics?.checks.length ?? 0
  return `${file} is valid: ${ladder}, then 100 %; ${traffic}; ${checks} metric checks`
}

const commands: Record<string, (args: string[]) => void> = {
  check: ([file = '.github/relman.yml']) => console.log(check(file)),
  score: (args) => score(args),
}

/** The command line. */
export const run = async (): Promise<void> => {
  const [name = '', ...args] = process.argv.slice(2)
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  try {
    if (command) command(args)
    else console.log(usage)
    process.exitCode = command || name === '--help' ? 0 : 1
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}
