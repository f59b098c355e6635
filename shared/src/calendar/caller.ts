import type { Caller } from '../train/read-caller.ts'
import type { Act, Dated } from './act.ts'

/** What a start gives to the workflow, by the names of its inputs; only those that it takes are given. */
export const givenTo = (
  act: Act,
  { plan, digest }: Pick<Dated, 'plan' | 'digest'>,
  more: { key: string; component: string; branch: string },
): Record<string, string> => ({
  calendar: more.key,
  ...(more.component === '' ? {} : { component: more.component }),
  ...(act === 'plan' ? { ref: more.branch } : {}),
  // The very commit and version of the plan that people were told of.
  ...(act === 'release' ? { ref: plan.sha, type: plan.type } : {}),
  ...(act === 'plan' ? {} : { version: plan.version }),
  ...(act === 'review' ? { digest, service: plan.service } : {}),
})

/** Which of them a start cannot do without. */
const neededBy = (act: Act, given: Readonly<Record<string, string>>): string[] => [
  'calendar',
  ...(given['component'] ? ['component'] : []),
  ...(act === 'release' ? ['ref', 'version'] : []),
  ...(act === 'plan' && given['ref'] ? ['ref'] : []),
]

/** Why a workflow cannot be started by the calendar, each with the fix; empty when it can. `caller` undefined: it cannot be read. */
export const faultsOf = (
  caller: Caller | undefined,
  file: string,
  act: Act,
  given: Readonly<Record<string, string>>,
): string[] => {
  const where = `.github/workflows/${file}`
  if (caller === undefined) return [`${where} could not be read as YAML`]
  const { inputs, title } = caller
  const missing = neededBy(act, given).filter((name) => !inputs.includes(name))
  const unnamed = act === 'review' && !inputs.includes('version') && !inputs.includes('digest')
  return [
    ...(missing.length > 0
      ? [
          `${where} lacks the workflow_dispatch inputs ${missing.join(', ')}: add them as workflows/calendar.md shows`,
        ]
      : []),
    ...(unnamed
      ? [`${where} takes neither of the workflow_dispatch inputs version and digest: add one`]
      : []),
    ...(/\$\{\{[^}]*\binputs\.calendar\b[^}]*\}\}/.test(title)
      ? []
      : [`the run-name of ${where} lacks \${{ inputs.calendar }}, by which its runs are found: add it`]),
  ]
}

/** GitHub refuses inputs that a workflow does not declare. */
export const takenBy = (
  { inputs }: Caller,
  given: Readonly<Record<string, string>>,
): Record<string, string> =>
  Object.fromEntries(Object.entries(given).filter(([name, value]) => value !== '' && inputs.includes(name)))
