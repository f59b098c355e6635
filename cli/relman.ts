import { readFileSync } from 'node:fs'
import { readConfig } from '@relman/core/config/read-config'

const usage = `node dist/relman check [FILE]

Reads a configuration (default: .github/relman.yml) as plan-release would. Every fault is named with its line and column.
Exit status: 0 valid, 1 not.`

const check = (file: string): string => {
  const config = readConfig(readFileSync(file, 'utf8'), file)
  const ladder = config.rollout.steps.map(({ weight }) => `${weight} %`).join(', ')
  const traffic = config.traffic ? `traffic by ${config.traffic.driver}` : 'no traffic driver'
  const checks = config.metrics?.checks.length ?? 0
  return `${file} is valid: ${ladder}, then 100 %; ${traffic}; ${checks} metric checks`
}

/** The command line. */
export const run = async (): Promise<void> => {
  const [command, file = '.github/relman.yml'] = process.argv.slice(2)
  try {
    if (command !== 'check') console.log(usage)
    else console.log(check(file))
    process.exitCode = command === 'check' || command === '--help' ? 0 : 1
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}
