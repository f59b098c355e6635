import { type Dated, live, underWay, waiting } from '@relman/core/calendar/act'
import { isOpen } from '@relman/core/calendar/due'
import { successorsOf } from '@relman/core/calendar/hold-back'
import { liveSince } from '@relman/core/calendar/phase-at'
import { policyOf } from '@relman/core/component/policy-of'
import { type Config, config } from '@relman/core/config/config'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import { readConfig } from '@relman/core/config/read-config'
import { plan as planSchema } from '@relman/core/plan/plan'
import type { CalendarPorts } from '@relman/core/ports/calendar'
import type { RecordEvent } from '@relman/core/record/event'
import { fold } from '@relman/core/record/fold'
import { RecordError } from '@relman/core/record/record-error'
import type { Service } from '@relman/core/record/service'
import { isNewer } from '@relman/core/version/is-newer'
import semver from 'semver'
import type { Inputs } from './inputs.ts'

/** The newest releases of a service are looked at: what is open is among them. */
const mostReleases = 12
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
    const own = all.filter(({ plan }) => plan.service === name)
    if (own.length === 0) continue
    const service = await serviceOf(name, ports, troubles)
    if (service === null) continue
    // What waits below the live version was given up.
    const standing = own.filter(
      ({ plan, state }) =>
        !waiting.includes(state) || !service.live || isNewer(plan.version, service.live.version),
    )
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

const read = async (
  services: readonly string[],
  { store }: Pick<CalendarPorts, 'store'>,
  troubles: string[],
  now: string,
): Promise<Dated[]> => {
  const known = await store.neighbours((all) =>
    all
      .filter(({ service }) => services.includes(service))
      .flatMap(({ service, releases }) =>
        releases
          .filter((release) => semver.valid(release) !== null)
          .sort(semver.rcompare)
          .slice(0, mostReleases)
          .map((release) => ({ service, release })),
      ),
  )
  const found: Dated[] = []
  for (const { service, release, events } of known) {
    if (events === null) {
      troubles.push(`the record of ${service} ${release} cannot be trusted, so nothing of it is started`)
      continue
    }
    const dated = mayBeOpen(events, now) ? await datedOf(events, store, troubles) : null
    if (dated) found.push(dated)
  }
  return found
}

/** Without its plan: it waits, is under way, or has been live for less than any review or rollback window lasts. */
const mayBeOpen = (events: readonly RecordEvent[], now: string): boolean => {
  const { state } = fold(events)
  if (state === null) return false
  const since = live.includes(state) ? liveSince({ events }) : null
  if (since !== null) return Date.parse(now) - Date.parse(since) < longestLive
  return waiting.includes(state) || underWay.includes(state)
}

const datedOf = async (
  events: readonly RecordEvent[],
  store: CalendarPorts['store'],
  troubles: string[],
): Promise<Dated | null> => {
  const { state, digest, service, release } = fold(events)
  if (state === null || digest === null) return null
  try {
    const text = await store.plan(digest)
    const { data } = planSchema.safeParse(text === null ? null : JSON.parse(text))
    if (data) return { plan: data, digest, state, events }
    // What an older relman shipped has no dates to look at.
    if (live.includes(state)) return null
    troubles.push(`the plan of ${service} ${release} is not in the record, or of another version of relman`)
  } catch (error) {
    if (!(error instanceof RecordError)) throw error
    troubles.push(error.message)
  }
  return null
}
