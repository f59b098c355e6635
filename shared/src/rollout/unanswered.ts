/** A stretch in which a provider did not answer, in Unix seconds. `to` is null while it still does not. */
export type Unanswered = { what: string[]; from: number; to: number | null }

/** So many different sentences say what is wrong; stretches before the newest so many are told by them. */
const most = { sentences: 3, stretches: 50 }

/**
 * The stretches after one look. `down` is what the look says of the provider, `seen` the moment up to which was seen
 * before it, `at` the moment of the look.
 */
export const afterLook = (
  stretches: readonly Unanswered[],
  { down, seen, at }: { down: string | null; seen: number; at: number },
): Unanswered[] => {
  const open = stretches.at(-1)?.to === null ? stretches.at(-1) : undefined
  if (down === null) return open ? [...stretches.slice(0, -1), { ...open, to: at }] : [...stretches]
  if (!open) return [...stretches, { what: [down], from: seen, to: null }].slice(-most.stretches)
  if (open.what.includes(down) || open.what.length >= most.sentences) return [...stretches]
  return [...stretches.slice(0, -1), { ...open, what: [...open.what, down] }]
}

const clock = (at: number): string => `${new Date(at * 1000).toISOString().slice(11, 19)} UTC`

/** Who did not answer, since when, and whether that time is known by now. */
export const unansweredWords = ({ what, from, to }: Unanswered): string => {
  const who = what.join('; ')
  return to === null
    ? `${who}; nothing is known of the time since ${clock(from)}`
    : `${who}; no answer from ${clock(from)} to ${clock(to)}, which was read afterwards`
}

/** What was not seen while a provider was down, for the one sentence of an ending; null when it is not down. */
export const stillUnanswered = (stretches: readonly Unanswered[]): string | null => {
  const last = stretches.at(-1)
  return last && last.to === null ? unansweredWords(last) : null
}

/** Stretches that touch the time since `from`. */
export const unansweredSince = (stretches: readonly Unanswered[], from: number): Unanswered[] =>
  stretches.filter(({ to }) => to === null || to > from)
