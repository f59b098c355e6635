import { ConfigurationError } from '@relman/core/config/configuration-error'
import { readConfig } from '@relman/core/config/read-config'
import { unprovable } from '@relman/core/plan/provable'
import { unknownRoles } from '@relman/core/schedule/unknown-roles'
import { manifest } from './manifest.ts'
import { readText } from './read-text.ts'
import { isReplayThread, replay } from './replay.ts'
import { score } from './score.ts'
import { unreachable } from './unreachable.ts'

const usage = `node dist/relman check [FILE]
node dist/relman score --features FILE.csv [--explain]
node dist/relman replay --traces FILE.jsonl [--config FILE]
node dist/relman replay --prometheus URL [--since 90d] [--repo DIR] [--config FILE] [--between 40] [--json]
node dist/relman manifest [FILE] [--markdown | --json | --invitation]

check   reads a configuration (default: .github/relman.yml) as plan-release would. Every fault is named with its line and
        column.
score   prints, for each line of a CSV, the probability that the change will need repair; with --explain also why. The
        header names the measures, each optional: ns nd nf entropy la ld lt fix ndev age nuc exp rexp sexp. See
        docs/change-score.md.
replay  prints, for each trace of a file, what the configuration's criteria would have said of it and when. With
        --prometheus: of each release of the last days, by the tags of the repository, and how often the criteria would
        have cried wolf between releases. See docs/verdict.md.
manifest  reads a release of several teams (default: release-manifest.yml): order, rollback sequence, who has not
        confirmed. Exit status 1 also when it is not ready. See docs/manifest.md.
Exit status: 0 valid, 1 not.`

const check = (file: string): string => {
  const config = readConfig(readText(file), file)
  const ladder = config.rollout.steps.map(({ weight }) => `${weight} %`).join(', ')
  const traffic = config.traffic ? `traffic by ${config.traffic.driver}` : 'no traffic driver'
  const checks = config.metrics?.checks.length ?? 0
  const late = unprovable(config)
  // Valid, and yet no release could end well: what the gate would say, said here.
  const warning = late ? `\nwarning: ${late.text}; the gate refuses it (${late.code}): ${late.remedy}` : ''
  const closed = config.metrics ? unreachable(config.metrics) : []
  const refused = closed.map(
    (host) => `\nwarning: ${host} is a private address and is not asked; list it in metrics.allow`,
  )
  const idle = unknownRoles(config).map((text) => `\nwarning: ${text}`)
  return `${file} is valid: ${ladder}, then 100 %; ${traffic}; ${checks} metric checks${warning}${refused.join('')}${idle.join('')}`
}

const fileOf = ([file = '.github/relman.yml', ...more]: string[]): string => {
  if (more.length > 0 || file.startsWith('-'))
    throw new ConfigurationError('check: name one file, or none for .github/relman.yml')
  return file
}

/** What a command returns is of interest only when it is false: it ran, and its answer is no. */
const commands: Record<string, (args: string[]) => unknown> = {
  check: (args) => console.log(check(fileOf(args))),
  score: (args) => score(args),
  replay,
  manifest: (args) => manifest(args),
}

/** The command line. */
export const run = async (): Promise<void> => {
  if (isReplayThread()) return
  const [name = '', ...args] = process.argv.slice(2)
  // Whoever reads has enough, as `head` does: no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  try {
    const asked = [name, ...args].some((word) => word === '--help' || word === '-h')
    const answer = command && !asked ? await command(args) : console.log(usage)
    process.exitCode = (command || asked) && answer !== false ? 0 : 1
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}
