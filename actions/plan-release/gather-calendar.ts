import { type Dated, live, underWay, waiting } from '@relman/core/calendar/act'
import { isOpen } from '@relman/core/calendar/due'
import { successorsOf } from '@relman/core/calendar/hold-back'
import { liveSince } from '@relman/core/calendar/phase-at'
import { policyOf } from '@relman/core/component/policy-of'
import { type Config, config } from '@relman/core/config/config'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import { readConfig } from '@relman/core/config/read-config'
import { ownVersions } from '@relman/core/embargo/own-versions'
import { plan as planSchema } from '@relman/core/plan/plan'
import type { CalendarPorts } from '@relman/core/ports/calendar'
import type { RecordEvent, ReleaseState } from '@relman/core/record/event'
import { fold } from '@relman/core/record/fold'
import { RecordError } from '@relman/core/record/record-error'
import type { Service } from '@relman/core/record/service'
import { isNewer } from '@relman/core/version/is-newer'
import type { Inputs } from './inputs.ts'

/** Of one service: a pass reads the plan of each. */
const mostOpen = 40
/** Of each service; an hourly pass does not read the record of years. */
const mostFinal = 100
const longestLive = 100 * 86_400_000

/** A release that somebody still has to hear of, and what took its place. */
export type OpenDate = { dated: Dated; service: Service; component: string; successor: string | null }

export type Agenda = {
  policy: Config
  /** The policy as it holds for one service. */
  policyFor: (service: string) => Config
  open: OpenDate[]
  troubles: string[]
}

/** Every open release of the services of this configuration, from the record alone. */
export const gatherCalendar = async (
  input: Pick<Inputs, 'config' | 'policy-ref' | 'component'>,
  repository: string,
  ports: Pick<CalendarPorts, 'github' | 'store'>,
  now: string,
): Promise<Agenda> => {
  const policy = await readPolicyFile(input, ports)
  const several = Object.keys(policy.components)
  if (input.component !== '' && !several.includes(input.component))
    throw new ConfigurationError(
      `input "component": ${input.component} is none of the configuration${several.length > 0 ? ` (${several.join(', ')})` : ', which has no components'}`,
    )
  const single = policy.service ?? (repository || 'service')
  const services = input.component !== '' ? [input.component] : several.length > 0 ? several : [single]
  const troubles: string[] = []
  const all = await read(services, ports, troubles, now)
  const open: OpenDate[] = []
  for (const name of services) {
    const own = all.filter(({ service }) => service === name)
    if (own.length === 0) continue
    const service = await serviceOf(name, ports, troubles)
    if (service === null) continue
    // What waits below the live version was given up.
    const candidates = own.filter(
      ({ release, state }) =>
        !waiting.includes(state) || !service.live || isNewer(release, service.live.version),
    )
    const cut = candidates.slice(mostOpen).map(({ release }) => release)
    if (cut.length > 0)
      troubles.push(
        `${name} has more than ${mostOpen} open releases; not looked at: ${cut.slice(0, 5).join(', ')}${cut.length > 5 ? ` and ${cut.length - 5} more` : ''}: they are once higher ones are over`,
      )
    const standing: Dated[] = []
    for (const candidate of candidates.slice(0, mostOpen)) {
      const dated = await datedOf(candidate, ports.store, troubles)
      if (dated) standing.push(dated)
    }
    const successors = successorsOf(standing)
    for (const dated of standing.filter((one) => isOpen(one, now)))
      open.push({
        ...{ dated, service, component: several.includes(name) ? name : '' },
        successor: successors.get(dated.plan.version) ?? null,
      })
  }
  const policyFor = (service: string) => (several.includes(service) ? policyOf(policy, service) : policy)
  return { policy, policyFor, open, troubles }
}

/** One record that was damaged holds up no other service. */
const serviceOf = async (
  name: string,
  { store }: Pick<CalendarPorts, 'store'>,
  troubles: string[],
): Promise<Service | null> => {
  try {
    return await store.service(name)
  } catch (error) {
    if (!(error instanceof RecordError)) throw error
    troubles.push(error.message)
    return null
  }
}

/** The configuration of the protected branch; nothing is read from a clone. */
const readPolicyFile = async (
  { config: path, 'policy-ref': ref }: Pick<Inputs, 'config' | 'policy-ref'>,
  { github }: Pick<CalendarPorts, 'github'>,
): Promise<Config> => {
  if (path.startsWith('/') || /(^|[\\/])\.\.([\\/]|$)/.test(path))
    throw new ConfigurationError(`input "config": ${path} is not a path inside the repository`)
  const text = await github.file(path, ref || undefined)
  return text === null ? config.parse({}) : readConfig(text, path)
}

type Candidate = { service: string; release: string; state: ReleaseState; events: readonly RecordEvent[] }

/** What may be open of these services, highest versions first, final ones before pre-releases. */
const read = async (
  services: readonly string[],
  { store }: Pick<CalendarPorts, 'store'>,
  troubles: string[],
  now: string,
): Promise<Candidate[]> => {
  const known = await store.neighbours((all) =>
    all
      .filter(({ service }) => services.includes(service))
      .flatMap(({ service, releases }) =>
        ownVersions(releases, mostFinal).versions.map((release) => ({ service, release })),
      ),
  )
  const found: Candidate[] = []
  for (const { service, release, events } of known) {
    if (events === null) {
      troubles.push(`the record of ${service} ${release} cannot be trusted, so nothing of it is started`)
      continue
    }
    const { state } = fold(events)
    if (state !== null && mayBeOpen(events, state, now)) found.push({ service, release, state, events })
  }
  return found
}

/** Without its plan: it waits, is under way, or has been live for less than any review or rollback window lasts. */
const mayBeOpen = (events: readonly RecordEvent[], state: ReleaseState, now: string): boolean => {
  const since = live.includes(state) ? liveSince({ events }) : null
  if (since !== null) return Date.parse(now) - Date.parse(since) < longestLive
  return waiting.includes(state) || underWay.includes(state)
}

const datedOf = async (
  { service, release, state, events }: Candidate,
  store: CalendarPorts['store'],
  troubles: string[],
): Promise<Dated | null> => {
  const { digest } = fold(events)
  if (digest === null) return null
  try {
    const text = await store.plan(digest)
    const { data } = planSchema.safeParse(text === null ? null : JSON.parse(text))
    if (data && data.service === service && data.version === release)
      return { plan: data, digest, state, events }
    if (data) {
      troubles.push(
        `the plan in the record of ${service} ${release} is one of ${data.service} ${data.version}, so nothing of it is started`,
      )
      return null
    }
    // What an older relman shipped has no dates to look at.
    if (live.includes(state)) return null
    troubles.push(`the plan of ${service} ${release} is not in the record, or of another version of relman`)
  } catch (error) {
    if (!(error instanceof RecordError)) throw error
    troubles.push(error.message)
  }
  return null
}
