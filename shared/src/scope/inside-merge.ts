import { cut } from '../text/visible.ts'
import type { Change } from './change.ts'
import { strengthOf } from './kinds.ts'
import { readMessage } from './read-message.ts'
import type { Unit } from './unfold-merges.ts'

const most = 10

/**
 * What a merge has inside, for people: nothing where it is the merge of one change; the count where the commits are
 * changes of their own; else those commits whose type is read, the strongest first.
 */
export const insideMerge = ({ inner, apart }: Unit): Change['inside'] => {
  if (apart) return { commits: apart.length, apart: true, named: [] }
  const read = inner
    .filter(({ parents }) => parents.length < 2)
    .map(({ sha, message }) => ({ sha, ...readMessage(message) }))
    .filter(({ readable, breaking }) => readable || breaking)
  if (read.length < 2) return undefined
  const weight = ({ breaking, kind }: (typeof read)[number]) => (breaking ? 9 : strengthOf(kind))
  return {
    commits: inner.length,
    apart: false,
    named: read
      .sort((a, b) => weight(b) - weight(a))
      .slice(0, most)
      .map(({ sha, subject, breaking }) => ({ sha, subject: cut(subject, 200), breaking })),
  }
}
