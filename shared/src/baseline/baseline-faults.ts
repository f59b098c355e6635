import type { BaselineKind } from './baseline-kind.ts'

type Checked = {
  name: string
  kind: string
  baseline?: BaselineKind | undefined
  objective?: number | undefined
}

type Fault = { path: (string | number)[]; message: string }

/** What a check is compared with. */
export const baselineOf = (check: Pick<Checked, 'baseline'>, baseline: BaselineKind): BaselineKind =>
  check.baseline ?? baseline

/** What cannot be compared as it is written; `objective` in percent. Each fault says where, and what to write instead. */
export const baselineFaults = (baseline: BaselineKind, checks: readonly Checked[]): Fault[] => {
  const faults = checks.flatMap((check, index): Fault[] => {
    if (baselineOf(check, baseline) !== 'objective')
      return check.objective === undefined
        ? []
        : fault(
            ['checks', index, 'objective'],
            `${check.name} has an objective but is not compared with it; write baseline: objective, or leave it out`,
          )
    if (check.kind !== 'ratio')
      return fault(
        ['checks', index],
        `${check.name} is a ${check.kind}; only a ratio can be held to a fixed objective: write baseline: stable, or count what is too slow as the events of a ratio`,
      )
    if (check.objective === undefined)
      return fault(
        ['checks', index],
        `${check.name} is compared with an objective and has none; write for example objective: 0.5 %`,
      )
    return check.objective > 0 && check.objective < 100
      ? []
      : fault(
          ['checks', index, 'objective'],
          `objective of ${check.name}: write more than 0 % and less than 100 %`,
        )
  })
  const staged = checks.length > 0 && checks.every((check) => baselineOf(check, baseline) === 'staging')
  return staged
    ? [
        ...faults,
        ...fault(
          ['baseline'],
          'every check is measured in staging, so nothing says how production is; give at least one check another baseline',
        ),
      ]
    : faults
}

const fault = (path: Fault['path'], message: string): Fault[] => [{ path, message }]
