import { fold } from '../record/fold.ts'
import { cut } from '../text/visible.ts'
import { advance } from './advance.ts'
import { beforeDeparture, prepare } from './prepare.ts'
import type { Pass, TrainFacts } from './train.ts'
import { undo } from './undo.ts'

/**
 * Row P8: one pass over a train: from all that is known now to what is to be written down and done next. The same facts give
 * the same pass, and a pass whose work was done gives an empty one, so that it may be run again at any time.
 */
export const reconcile = (facts: TrainFacts): Pass => {
  const pass = decide(facts)
  const known = new Set(facts.events.map(({ key }) => key))
  return { ...pass, drafts: pass.drafts.filter(({ key }) => !known.has(key)) }
}

const decide = (facts: TrainFacts): Pass => {
  const { state } = fold(facts.events)
  if (beforeDeparture.some((each) => each === state)) return prepare(facts)
  if (state === 'executing') return advance(facts)
  if (state === 'deployment-failed' || state === 'rollback-failed') return undo(facts)
  const parts = facts.review.order.map((component) => ({
    component,
    standing: state === 'rolled-back' ? ('undone' as const) : ('completed' as const),
    why: '',
    url: null,
  }))
  const name = cut(facts.manifest.name, 100)
  const ending = { holds: [], drafts: [], moves: [], parts }
  return state === 'rolled-back'
    ? { decision: 'rolled-back', reasonCode: 'train-rolled-back', message: `${name} was undone`, ...ending }
    : { decision: 'completed', reasonCode: 'train-completed', message: `${name} has arrived`, ...ending }
}
