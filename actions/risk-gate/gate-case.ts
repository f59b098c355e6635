import { ConfigurationError } from '@relman/core/config/configuration-error'
import { type Plan, plan as planSchema } from '@relman/core/plan/plan'
import type { Artifacts } from '@relman/core/ports/artifacts'
import type { Clock } from '@relman/core/ports/clock'
import type { GitHub } from '@relman/core/ports/github'
import type { RecordStore } from '@relman/core/ports/record-store'
import type { RecordEvent } from '@relman/core/record/event'
import { fold } from '@relman/core/record/fold'
import type { Release } from '@relman/core/record/release'
import type { Service } from '@relman/core/record/service'
import type { RunContext } from '@relman/core/runtime/run-context'
import { type Makers, makersOf } from '@relman/core/signoff/maker'
import type { Inputs } from './inputs.ts'

export type Ports = {
  github: GitHub
  store: RecordStore
  clock: Clock
  /** Where the artifacts of the plan lie. */
  artifacts: (policy: Pick<Plan['policy'], 'artifact' | 'artifacts'>) => Promise<Artifacts>
}

/** What every stage begins with: the plan, and how its release and its service stand in the record. */
export type GateCase = {
  input: Inputs
  context: RunContext
  ports: Ports
  signal: AbortSignal
  plan: Plan
  digest: string
  events: readonly RecordEvent[]
  release: Release
  service: Service
}

export const readCase = async (
  input: Inputs,
  context: RunContext,
  ports: Ports,
  signal: AbortSignal,
): Promise<GateCase> => {
  const digest = await digestOf(input, ports)
  const text = await ports.store.plan(digest)
  if (text === null) {
    throw new ConfigurationError(
      `the record of this repository holds no plan with the digest ${digest}: give the output "digest" of plan-release, which must have run with record: true`,
    )
  }
  const parsed = planSchema.safeParse(JSON.parse(text))
  if (!parsed.success) {
    const [fault] = parsed.error.issues
    throw new ConfigurationError(
      `the plan ${digest} was made by another version of relman and cannot be read (${fault?.path.join('.')}: ${fault?.message}); plan again with this version`,
    )
  }
  const plan = parsed.data
  const events = await ports.store.events(plan.service, plan.version)
  const service = await ports.store.service(plan.service)
  return { input, context, ports, signal, plan, digest, events, release: fold(events), service }
}

/** The digest that is given, or that of the plan in force of a version. @throws ConfigurationError where neither leads to a plan */
const digestOf = async (
  { stage, digest, version, service }: Inputs,
  { store }: Pick<Ports, 'store'>,
): Promise<string> => {
  if (digest !== '') return digest
  if (stage !== 'promotion' || version === '')
    throw new ConfigurationError(
      `input "digest": is required${stage === 'promotion' ? ', or version in its place' : ''}; pass the output "digest" of plan-release`,
    )
  let services: string[] = []
  await store.neighbours((all) => {
    services = all.filter(({ releases }) => releases.includes(version)).map((one) => one.service)
    return []
  })
  const fitting = services.filter((one) => service === '' || one === service)
  const [only] = fitting
  if (only === undefined || fitting.length > 1)
    throw new ConfigurationError(
      only === undefined
        ? `input "version": the record has no plan of ${JSON.stringify(version.slice(0, 60))}${service === '' ? '' : ` of ${JSON.stringify(service.slice(0, 60))}`}; plan it first, or give digest`
        : `input "service": several have a version ${version} (${fitting.join(', ')}); name one`,
    )
  const { digest: inForce } = fold(await store.events(only, version))
  if (inForce !== null) return inForce
  throw new ConfigurationError(`input "version": no plan of ${version} is in force; plan it again`)
}

/** Who had a hand in what ships, listed or not, and who started the run: none of them may approve. */
export const readPeople = async ({
  ports,
  plan,
  context,
}: GateCase): Promise<{ makers: Makers; actors: string[] }> => {
  const shipped = [...plan.changes.map(({ sha }) => sha), ...(plan.unlisted.commits ?? [])]
  const commits = await ports.github.makers(shipped)
  const run = await ports.github.run(context.run.id)
  const listed = plan.changes.flatMap(({ author, people }) => [author, ...people])
  const authors = [...listed, ...plan.unlisted.people]
  const makers = makersOf(
    authors,
    commits.flatMap(({ people }) => people),
  )
  const actors = [context.actor, run?.actor ?? '', run?.triggeringActor ?? '']
  return { makers, actors: [...new Set(actors)].filter((actor) => actor !== '') }
}
