import { cut } from '../text/visible.ts'
import { releaseOutcome } from './outcome.ts'
import { follow } from './starting.ts'
import { ended, stepsOf } from './steps.ts'
import type { Draft, Move, PartStanding, Pass, Standing, TrainFacts } from './train.ts'
import { isOf } from './word.ts'

/**
 * Row P8: a train that has left. The components of one layer are released at the same time; the next layer waits until each is
 * completed. A refusal that reached nobody defers its component when nothing needs it; any other failure ends the drive.
 */
export const advance = (facts: TrainFacts): Pass => {
  const { manifest, review, digest, words, events } = facts
  const name = cut(manifest.name, 100)
  const go = Number(events.findLast(({ kind }) => kind === 'approved')?.data['said'] ?? 0)
  const stop = words.find((word) => word.verb === 'stop' && isOf(word, digest) && word.comment > go)
  const looked = review.layers.map((layer) => layer.map((component) => look(facts, component)))
  const all = looked.flat()
  const drafts = all.flatMap((part) => part.drafts)
  const parts = all.map(({ part }) => part)
  const pass = (
    decision: Pass['decision'],
    reasonCode: string,
    message: string,
    more: Draft[] = [],
    moves: Move[] = [],
  ): Pass => ({ decision, reasonCode, message, holds: [], drafts: [...drafts, ...more], moves, parts })
  const failed = all.find(({ part }) => part.standing === 'failed')
  if (stop || failed) {
    const error = stop
      ? `stopped by ${stop.by}${stop.why ? `: ${stop.why}` : ''}`
      : `${cut(failed?.part.component ?? '', 100)}: ${failed?.part.why}`
    return pass('undoing', stop ? 'stopped-by-hand' : 'part-failed', `${name} is undone: ${error}`, [
      {
        kind: 'deployment-failed',
        key: `failed:${digest}`,
        data: { error, component: failed?.part.component ?? null },
      },
    ])
  }
  const at = looked.findIndex((layer) => layer.some(({ part }) => !done.has(part.standing)))
  const layer = looked[at]
  if (!layer)
    return pass('completed', 'train-completed', `${name} has arrived: everything is completed`, [
      { kind: 'deployed', key: `deployed:${digest}`, data: {} },
      { kind: 'completed', key: `completed:${digest}`, data: {} },
    ])
  const held = layer.find(({ part }) => part.standing === 'unsettled')
  const moves = layer.flatMap((part) => part.moves)
  const where = `layer ${at + 1} of ${looked.length}`
  return held
    ? pass(
        'driving',
        'unsettled',
        `${name} waits in ${where}: ${cut(held.part.component, 100)}: ${held.part.why}`,
        [],
        moves,
      )
    : pass(
        'driving',
        'driving',
        `${name} is in ${where}: ${layer.map(({ part }) => cut(part.component, 100)).join(', ')}`,
        [],
        moves,
      )
}

const done: ReadonlySet<Standing> = new Set<Standing>(['completed', 'deferred'])

type Looked = { part: PartStanding; drafts: Draft[]; moves: Move[] }

const look = (facts: TrainFacts, component: string): Looked => {
  const about = { component, operation: 'release' as const }
  const steps = stepsOf(facts.events, component, 'release')
  const known = facts.parts.get(component)
  const standing = (is: Standing, why: string): PartStanding => ({
    component,
    standing: is,
    why,
    url: known?.release?.url ?? null,
  })
  if (!known) return { part: standing('waiting', ''), drafts: [], moves: [] }
  const { is, exposed, why } = releaseOutcome(steps, known)
  if (is === 'open') {
    // Completed before this train: there is nothing to start, and nothing of it to undo.
    if (known.state === 'completed')
      return {
        part: standing('completed', 'was completed before'),
        drafts: [ended(about, 'already-there', '')],
        moves: [],
      }
    return { part: standing('waiting', ''), drafts: [], moves: [{ act: 'start', ...about, attempt: 1 }] }
  }
  if (is === 'running') {
    const { drafts, moves, lost } = follow(about, steps, known.release, facts.now)
    return lost && known.trouble === null
      ? fails(facts, standing, 'its run never appeared', false)
      : { part: standing('running', why), drafts, moves: known.trouble === null ? moves : [] }
  }
  if (is === 'failed') return fails(facts, standing, why, exposed)
  const recorded = is === 'completed' && steps.ended === null ? [ended(about, 'completed', '')] : []
  return { part: standing(is, why), drafts: recorded, moves: [] }
}

const fails = (
  { manifest, review }: TrainFacts,
  standing: (is: Standing, why: string) => PartStanding,
  why: string,
  exposed: boolean,
): Looked => {
  const part = standing('failed', why)
  const ships = new Set(review.order)
  const needed = manifest.components.some(
    ({ component, needs }) => ships.has(component) && needs.some((need) => need.component === part.component),
  )
  if (exposed || needed) return { part, drafts: [], moves: [] }
  const about = { component: part.component, operation: 'release' as const }
  return { part: standing('deferred', why), drafts: [ended(about, 'deferred', why)], moves: [] }
}
