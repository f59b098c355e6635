import { parseArgs } from 'node:util'
import { type ScenarioName, scenarioNames } from '../scenario/scenarios.ts'

/** What a person asked for on the command line. */
export type Arguments = {
  repo: string
  from: string | null
  to: string
  config: string | null
  scenario: ScenarioName
  seed: number
  out: string | null
  yes: boolean
  json: boolean
  faultOff: boolean
}

/** A sentence for the person who typed the command: shown alone, status 1. */
export class UsageError extends Error {}

export const usage = `node dist/rehearse [--repo DIR] [--from REF] [--to REF] [--config FILE] [--scenario NAME] [--seed N] [--out DIR] [--yes] [--json]

A whole release of a repository of yours on this machine, from plan to notes, with nothing installed and nothing sent:
real history, relman's real actions and workflows, an embedded GitHub, a demo service with real traffic and metrics.

  --repo DIR       clone whose history is released (default: this folder); it is only read
  --from REF       where the changes begin (default: the last release tag, or the first commit)
  --to REF         the commit to release (default: HEAD)
  --config FILE    your relman.yml; traffic and metrics are replaced by the rehearsal's own
  --scenario NAME  ${scenarioNames.join(', ')}
  --seed N         makes traffic and faults repeat (default: 1)
  --out DIR        where plan, notes, record, logs and report.html go (default: a new folder below the system's);
                   addresses.json in it says where the service answers meanwhile: x-version names who did
  --yes            approve every sign-off without asking
  --json           print one JSON document instead of progress
  --fault-off      play the scenario with its fault switched off (a control: it must release)

Exit status: 0 released, 3 rolled back and healthy on the previous version, 4 refused before any exposure, 1 anything else.`

/** Reads the command line. Null when help was asked for. */
export const readArguments = (argv: readonly string[]): Arguments | null => {
  const { values } = parse(argv)
  if (values.help) return null
  const seed = Number(values.seed)
  if (!Number.isInteger(seed) || seed < 0)
    throw new UsageError(`--seed ${values.seed}: write a whole number such as 7`)
  const scenario = scenarioNames.find((name) => name === values.scenario)
  if (!scenario)
    throw new UsageError(`--scenario ${values.scenario}: write one of ${scenarioNames.join(', ')}`)
  return {
    repo: values.repo,
    from: values.from ?? null,
    to: values.to,
    config: values.config ?? null,
    scenario,
    seed,
    out: values.out ?? null,
    yes: values.yes,
    json: values.json,
    faultOff: values['fault-off'],
  }
}

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        repo: { type: 'string', default: '.' },
        from: { type: 'string' },
        to: { type: 'string', default: 'HEAD' },
        config: { type: 'string' },
        scenario: { type: 'string', default: 'healthy' },
        seed: { type: 'string', default: '1' },
        out: { type: 'string' },
        yes: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        'fault-off': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    })
  } catch (error) {
    throw new UsageError(
      `${error instanceof Error ? error.message : String(error)}. See node dist/rehearse --help`,
    )
  }
}
