import { type Span, zoned } from './moment.ts'
import { type ReleaseType, typeRules } from './release-types.ts'
import type { Milestone } from './timeline.ts'

/** When a policy says that a version freezes, as ISO instants; null where it does not say. */
export type StatedFreezes = { feature: string | null; code: string | null }

type Given = { type: ReleaseType; window: Span; now: string; policy: { zone: string } }

/**
 * Puts the freezes of a timeline where the policy states them, in order of time. A stated feature freeze is a milestone also of a
 * type that has none. An emergency keeps its own: it does not wait for the freeze of a version.
 */
export const stateFreezes = (
  milestones: readonly Milestone[],
  { feature, code }: StatedFreezes,
  given: Given,
): Milestone[] => {
  if (typeRules[given.type].emergency || (feature === null && code === null)) return [...milestones]
  const dates = new Map([
    ['feature-freeze', feature],
    ['code-freeze', code],
  ])
  const own = milestones.some(({ id }) => id === 'feature-freeze') || feature === null
  const all = own ? milestones : [...milestones, ...freezeOfMinor]
  const placed = all.map((each) => {
    const at = dates.get(each.id) ?? null
    return at === null ? each : { ...each, ...place(at, given) }
  })
  const of = (id: string) => Date.parse(placed.find((each) => each.id === id)?.at ?? '')
  return placed
    .map((each) =>
      each.id === 'code-freeze' && of('code-freeze') < of('feature-freeze')
        ? { ...each, notes: [...each.notes, 'lies before the feature freeze: state both in freeze.dates'] }
        : each,
    )
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

const freezeOfMinor: readonly Milestone[] = typeRules.minor.milestones
  .filter(({ id }) => id === 'feature-freeze')
  .map(({ id, name, what }) => ({ id, name, what, offset: '', at: '', notes: [] }))

const place = (at: string, { window, now, policy }: Given): Pick<Milestone, 'at' | 'offset' | 'notes'> => {
  const left = zoned(at, policy.zone).until(zoned(window.start, policy.zone), {
    largestUnit: 'days',
    smallestUnit: 'hours',
  })
  const notes = ['stated by freeze.dates']
  if (Date.parse(at) < Date.parse(now)) notes.push('lies in the past')
  if (Date.parse(at) > Date.parse(window.start)) notes.push('lies after the window opens')
  const [days, hours] = [Math.abs(left.days), Math.abs(left.hours)]
  const size = [days > 0 ? `${days} d` : '', hours > 0 ? `${hours} h` : ''].filter((part) => part !== '')
  return { at, offset: size.length > 0 ? `T${left.sign < 0 ? '+' : '−'}${size.join(' ')}` : 'T', notes }
}
