import type { Plan } from '../plan/plan.ts'
import { type AnsweredStatus, goOnStatuses } from '../rollout/answer.ts'
import { ladder, type Rung, rungAt } from '../rollout/ladder.ts'
import { digest8, parseStatusLine, type StatusEntry } from '../rollout/status-line.ts'

export type RawStatus = AnsweredStatus

/** Clocks and the moment a status arrives differ a little; less bake than this short of the plan's is no lie. */
const tolerance = 2
const wayBack: readonly string[] = ['returning', 'returned', 'recovered', 'not-recovered', 'stuck']

/**
 * What does not fit among the statuses of a rollout, each in a sentence; nothing when they fit. Whoever runs in the
 * deploying job can write a status, so each is held against the plan: its digest, the sequence, the order of steps, their
 * weights, a proof before each move and the least bake.
 */
export const checkStatuses = (statuses: readonly RawStatus[], plan: Plan, digest: string): string[] => {
  const lines = statuses
    .map((status) => ({
      id: status.id,
      entry: parseStatusLine(status.description, Math.floor(Date.parse(status.createdAt) / 1000) || 0),
    }))
    .filter((line): line is { id: number; entry: StatusEntry } => line.entry !== null)
  const foreign = lines
    .filter(({ entry }) => entry.digest8 !== digest8(digest))
    .map(({ entry }) => `status ${entry.seq} is about plan ${entry.digest8}, not about this one`)
  const own = lines
    .filter(({ entry }) => entry.digest8 === digest8(digest))
    .sort((a, b) => a.entry.seq - b.entry.seq || a.id - b.id)
  return [
    ...foreign,
    ...checkSequence(own),
    ...checkOrder(
      own,
      goOnStatuses(statuses).map(({ id }) => id),
      plan,
    ),
  ]
}

const checkSequence = (lines: readonly { id: number; entry: StatusEntry }[]): string[] => {
  const faults: string[] = []
  lines.forEach(({ id, entry }, index) => {
    const before = lines[index - 1]
    const expected = before ? before.entry.seq + 1 : 1
    const repeated =
      before !== undefined &&
      before.entry.seq === entry.seq &&
      before.entry.word === entry.word &&
      before.entry.weight === entry.weight
    if (!repeated && entry.seq !== expected)
      faults.push(
        before?.entry.seq === entry.seq
          ? `status ${entry.seq} was written twice, with different contents`
          : `status ${expected} is missing`,
      )
    if (before && id < before.id)
      faults.push(`status ${entry.seq} was written before status ${before.entry.seq}`)
    // The way back is reported from another machine, whose clock may differ.
    if (before && !wayBack.includes(entry.word) && entry.at + tolerance < before.entry.at)
      faults.push(`status ${entry.seq} says an earlier time than status ${before.entry.seq}`)
  })
  return faults
}

const checkOrder = (
  lines: readonly { id: number; entry: StatusEntry }[],
  answers: readonly number[],
  plan: Plan,
): string[] => {
  const rungs = ladder(plan.policy.rollout)
  const faults: string[] = []
  const walk: Walk = { rung: null, confirmedAt: null, proven: false, over: null, asked: null, letOn: false }
  for (const { id, entry } of lines) {
    const { asked } = walk
    walk.letOn = asked !== null && answers.some((answer) => answer > asked && answer < id)
    if (entry.word === 'asked') walk.asked = id
    faults.push(...advance(walk, entry, rungs, plan))
  }
  return faults
}

/**
 * Where the walk is by the statuses read so far. `over` is the word that ended it; `asked` the status by which people were
 * asked about the present step, and `letOn` whether one of them let it go on.
 */
type Walk = {
  rung: Rung | null
  confirmedAt: number | null
  proven: boolean
  over: string | null
  asked: number | null
  letOn: boolean
}

const advance = (walk: Walk, entry: StatusEntry, rungs: readonly Rung[], plan: Plan): string[] => {
  const { seq, step, weight, word } = entry
  const faults: string[] = []
  if (['moved', 'confirmed', 'healthy'].includes(word)) {
    if (walk.over !== null) faults.push(`status ${seq} goes on (${word}) after the rollout was ${walk.over}`)
    const rung = rungAt(rungs, step)
    if (rung?.weight !== weight)
      faults.push(
        `status ${seq} says ${weight} % at step ${step}, the plan ${rung ? `${rung.weight} %` : 'has no such step'}`,
      )
  }
  if (word === 'moved') return [...faults, ...move(walk, entry, rungs)]
  if (word === 'confirmed') {
    if (walk.rung?.step !== step) faults.push(`status ${seq} confirms step ${step}, which was not begun`)
    walk.confirmedAt = entry.at
    return faults
  }
  if (word === 'healthy' || word === 'inconclusive' || word === 'unhealthy')
    return [...faults, ...judge(walk, entry, plan)]
  if (word === 'done') {
    if (!walk.rung?.last || walk.confirmedAt === null)
      faults.push(`status ${seq} says done, but 100 % was not reached and confirmed`)
    walk.over = word
  }
  if (word === 'returning' || word === 'returned' || word === 'stuck') walk.over = word
  return faults
}

const move = (walk: Walk, { seq, step }: StatusEntry, rungs: readonly Rung[]): string[] => {
  const again = walk.rung?.step === step && walk.confirmedAt === null
  const due = walk.rung === null ? 0 : walk.rung.step + 1
  const faults: string[] = []
  if (!again && step !== due) faults.push(`status ${seq} begins step ${step}, when step ${due} was due`)
  if (!again && walk.rung !== null && !walk.proven)
    faults.push(`status ${seq} begins step ${step}, though step ${walk.rung.step} was not proven`)
  walk.rung = rungAt(rungs, step) ?? walk.rung
  walk.confirmedAt = null
  walk.proven = false
  walk.asked = null
  return faults
}

const judge = (walk: Walk, { seq, step, word, at, reason }: StatusEntry, plan: Plan): string[] => {
  const { inconclusive } = plan.policy.rollout
  const promoted =
    word === 'inconclusive' &&
    reason === 'promoted-unproven' &&
    (inconclusive === 'promote-unproven' || (inconclusive === 'ask' && walk.letOn))
  if (word !== 'healthy' && !promoted) return []
  const faults: string[] = []
  if (walk.rung?.step !== step || walk.confirmedAt === null)
    faults.push(`status ${seq} ends step ${step}, which was not confirmed`)
  else if (at - walk.confirmedAt + tolerance < walk.rung.min) {
    faults.push(
      `status ${seq} ends step ${step} after ${Math.max(0, Math.round(at - walk.confirmedAt))} s, its least bake is ${walk.rung.min} s`,
    )
  }
  walk.proven = true
  return faults
}
