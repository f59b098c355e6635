import { GitHubError } from '@relman/core/ports/github-error'
import type { TrainPorts } from '@relman/core/ports/train'
import type { RecordEvent } from '@relman/core/record/event'
import type { RunContext } from '@relman/core/runtime/run-context'
import { runKey } from '@relman/core/train/identity'
import { cancelled, claim, ended, started, withdrawn } from '@relman/core/train/steps'
import type { Draft, Move, Pass, TrainFacts } from '@relman/core/train/train'
import type { Train } from './read-train.ts'

/** A start that comes later than this after its claim does not happen: another pass may have claimed it anew. */
const latestSeconds = 60

/** Another pass wrote the train's record in between: what this one decided is of yesterday. */
export class TrainMoved extends Error {}

type Done = { events: RecordEvent[]; troubles: string[] }

/**
 * Writes down what a pass decided, then does it. Each start is claimed in the record before it happens, by compare-and-swap, so
 * that of two passes one starts it; its run is written down afterwards.
 */
export const carryOut = async (
  train: Train,
  { events }: TrainFacts,
  { drafts, moves }: Pass,
  context: RunContext,
  ports: TrainPorts,
): Promise<Done> => {
  let known: RecordEvent[] = [...events]
  const troubles: string[] = []
  const append = async (fresh: readonly Draft[]): Promise<void> => {
    const { actor, run } = context
    const about = { actor, run, digest: train.digest, token: null }
    const seen = known.at(-1)?.hash
    const written = await ports.store.append(
      train.service,
      train.slug,
      fresh.map((draft) => ({ ...draft, ...about })),
      {
        plan: { digest: train.digest, text: train.text },
        ...(fresh.some(({ kind }) => kind === 'started') && {
          change: { live: { version: train.slug, sha: '', digest: train.digest } },
        }),
        guard: (before) => {
          if (before.at(-1)?.hash !== seen)
            throw new TrainMoved('another pass wrote the record of this train')
        },
      },
    )
    known = written.events
  }
  if (drafts.length > 0) await append(drafts)
  for (const move of moves) {
    const trouble = await make(move, train, append, ports)
    if (trouble !== '') troubles.push(trouble)
  }
  return { events: known, troubles }
}

const make = async (
  move: Move,
  train: Train,
  append: (drafts: readonly Draft[]) => Promise<void>,
  ports: TrainPorts,
): Promise<string> => {
  const { component } = move
  const part = train.manifest.components.find((each) => each.component === component)
  const partner = part && ports.partner?.(part.repository)
  if (!part || !partner) return `${component}: there is no token for its repository`
  if (move.act === 'cancel') {
    try {
      await partner.cancel(move.run)
    } catch (error) {
      return troubleOf(component, error)
    }
    await append([cancelled(component, move.run)])
    return ''
  }
  const { operation } = move
  const key = runKey({ train: train.slug, digest: train.digest, component, operation }, ports.sha256)
  const since = ports.clock.now()
  await append([claim(move, move.attempt, key)])
  const inputs = {
    train: key,
    ...(operation === 'release'
      ? { version: part.version ?? '' }
      : { reason: `the train ${train.slug} is undone` }),
  }
  try {
    if (ports.clock.now() - since > latestSeconds * 1000)
      return `${component}: the record answered too late to start it now; a later pass does`
    const run = await partner.start(operation === 'release' ? part.workflow : part.rollback, inputs)
    if (run) await append([started(move, run.id, run.url)])
    return ''
  } catch (error) {
    const trouble = troubleOf(component, error)
    if (isFinal(error)) await append([ended(move, 'refused', error.message)])
    else if (isUndone(error)) await append([withdrawn(move, move.attempt)])
    return trouble
  }
}

/** GitHub said no to what was asked, and will say so again. */
const isFinal = (error: unknown): error is GitHubError =>
  error instanceof GitHubError && error.reasonCode === 'github-refused' && error.status !== 404

/** It was certainly not started, and may be when the token reaches the repository, has the right, or the limit is over. */
const isUndone = (error: unknown): boolean =>
  error instanceof GitHubError &&
  (error.status === 404 || ['permission-missing', 'rate-limited'].includes(error.reasonCode))

const troubleOf = (component: string, error: unknown): string => {
  if (!(error instanceof GitHubError)) throw error
  return `${component}: ${error.message}`
}
