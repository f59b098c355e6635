import { byName, neededHere } from '../dependency/component.ts'
import { componentsOf } from '../manifest/manifest-components.ts'
import { fold } from '../record/fold.ts'
import { cut } from '../text/visible.ts'
import { type Back, backOutcome } from './outcome.ts'
import { follow, graceSeconds } from './starting.ts'
import { ended, type Steps, started, stepsOf } from './steps.ts'
import type { Draft, Move, PartStanding, Pass, Standing, TrainFacts } from './train.ts'

/**
 * Row P8: the way back, the reverse of the order. What is needed is brought back only after everything that needs it is; where
 * that cannot be, it stays, because the new version of what needs it may not run on the old one. The rest is undone all the
 * same. What a person settles in its own repository counts, also after the train gave up.
 */
export const undo = (facts: TrainFacts): Pass => {
  const { manifest, review, events, digest } = facts
  const needs = needsOf(facts)
  const looked = new Map<string, Looked>()
  let open = false
  for (const layer of [...review.layers].reverse()) {
    const waits = open
    for (const component of layer) {
      const stays = review.order.find(
        (other) =>
          needs.get(other)?.has(component) &&
          ['stuck', 'kept'].includes(looked.get(other)?.part.standing ?? ''),
      )
      const needed = review.order.some(
        (other) => needs.get(other)?.has(component) && looked.get(other)?.part.standing === 'undoing',
      )
      const one = look(facts, component, waits || needed, stays ?? null)
      looked.set(component, one)
      // A repository that does not answer holds what it needs, and nothing else.
      if (one.part.standing === 'undoing' && !facts.parts.get(component)?.trouble) open = true
    }
  }
  const all = review.order.flatMap((component) => looked.get(component) ?? [])
  const parts = all.map(({ part }) => part)
  const moves = all.flatMap((one) => one.moves)
  const drafts = all.flatMap((one) => one.drafts)
  const name = cut(manifest.name, 100)
  const left = parts.filter(({ standing }) => standing === 'stuck' || standing === 'kept')
  const pass = (
    decision: Pass['decision'],
    reasonCode: string,
    message: string,
    more: Draft[] = [],
  ): Pass => ({
    decision,
    reasonCode,
    message,
    holds: left.map(({ component, why }) => `${cut(component, 100)}: ${why}`),
    drafts: [...drafts, ...more],
    moves,
    parts,
  })
  const now = parts
    .filter(({ standing }) => standing === 'undoing')
    .map(({ component }) => cut(component, 100))
  if (now.length > 0) {
    return pass('undoing', 'undoing', `${name} is being undone: ${now.join(', ')}`)
  }
  const seconds = secondsSince(events, facts.now)
  if (left.length > 0) {
    const error = `not brought back: ${left.map(({ component }) => cut(component, 100)).join(', ')}`
    const said = fold(events).state === 'rollback-failed'
    return pass('rollback-failed', 'train-rollback-failed', `${name} is NOT undone; ${error}`, [
      ...(said
        ? []
        : [{ kind: 'rollback-failed' as const, key: `rollback-failed:${digest}`, data: { error, seconds } }]),
    ])
  }
  return pass('rolled-back', 'train-rolled-back', `${name} is undone: everything runs what it ran before`, [
    { kind: 'rolled-back', key: `rolled-back:${digest}`, data: { seconds } },
  ])
}

type Looked = { part: PartStanding; drafts: Draft[]; moves: Move[] }

const look = (facts: TrainFacts, component: string, waits: boolean, stays: string | null): Looked => {
  const release = stepsOf(facts.events, component, 'release')
  const rollback = stepsOf(facts.events, component, 'rollback')
  const known = facts.parts.get(component)
  const url = known?.rollback?.url ?? known?.release?.url ?? null
  const is = (standing: Standing, why = '', drafts: Draft[] = [], moves: Move[] = []): Looked => ({
    part: { component, standing, why, url },
    drafts,
    moves,
  })
  if (!known || release.attempts === 0) return is('waiting', 'was not started')
  const version = facts.manifest.components.find((part) => part.component === component)?.version ?? ''
  const back = backOutcome(release, rollback, known, version)
  if (back.is === 'settled') return is('undone', back.why, closed(rollback, component, back))
  if (back.is === 'stuck') return is('stuck', back.why)
  if (release.run === null && known.trouble === null) return lookForRun(facts, component, release, is)
  const run = release.run ?? 0
  if (back.is === 'cancel')
    return is('undoing', 'its release is stopped', [], [{ act: 'cancel', component, run }])
  const about = { component, operation: 'rollback' as const }
  if (back.is === 'wait') {
    if (rollback.attempts === 0 || known.trouble !== null) return is('undoing', back.why)
    const { drafts, moves, lost } = follow(about, rollback, known.rollback, facts.now)
    return lost
      ? is('stuck', 'the run of its rollback never appeared', [
          ended(about, 'refused', 'its run never appeared'),
        ])
      : is('undoing', back.why, drafts, moves)
  }
  if (stays !== null) return is('kept', `${cut(stays, 100)}, which needs it, could not be brought back`)
  if (waits) return is('undoing', 'waits for what needs it')
  return is('undoing', 'its rollback is started', [], [{ act: 'start', ...about, attempt: 1 }])
}

/** The job that started it was killed, so that nobody knows its run: it is looked for until it cannot come any more. */
const lookForRun = (
  { parts, now }: TrainFacts,
  component: string,
  { claimedAt }: Steps,
  is: (standing: Standing, why?: string, drafts?: Draft[]) => Looked,
): Looked => {
  const found = parts.get(component)?.release
  const about = { component, operation: 'release' as const }
  if (found) return is('undoing', 'its release was found', [started(about, found.id, found.url)])
  const waited = Date.parse(now) - Date.parse(claimedAt ?? '')
  return waited < graceSeconds * 1000
    ? is('undoing', 'its run is looked for')
    : is('undone', 'its run never appeared', [ended(about, 'refused', 'its run never appeared')])
}

/** Written down once, for whoever reads the record. */
const closed = (rollback: Steps, component: string, { why }: Back): Draft[] =>
  rollback.attempts === 0 || rollback.ended !== null
    ? []
    : [ended({ component, operation: 'rollback' }, 'undone', why)]

/** Component to everything of the train that it needs, also through others. */
const needsOf = ({ manifest, review }: TrainFacts): Map<string, Set<string>> => {
  const known = byName(componentsOf(manifest))
  const all = new Map<string, Set<string>>()
  for (const name of review.order) {
    const component = known.get(name)
    const direct = component ? neededHere(component, known).map((need) => need.name) : []
    all.set(name, new Set(direct.flatMap((need) => [need, ...(all.get(need) ?? [])])))
  }
  return all
}

const secondsSince = (events: TrainFacts['events'], now: string): number => {
  const failed = events.findLast(({ kind }) => kind === 'deployment-failed')
  return failed ? Math.max(0, Math.round((Date.parse(now) - Date.parse(failed.at)) / 1000)) : 0
}
