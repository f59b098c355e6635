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
  const { digest } = input
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
