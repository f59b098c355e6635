/**
 * What a status can say. `moved` is written ahead of the move, so that a way back knows of every move that may have
 * happened; `confirmed` says that it was read back; `asked` that people may let an unproven step go on. Order of a good walk: moved, confirmed, healthy, …, done.
 */
export const statusWords = [
  'moved',
  'confirmed',
  'healthy',
  'unhealthy',
  'inconclusive',
  'asked',
  'done',
  'returning',
  'returned',
  'recovered',
  'not-recovered',
  'stuck',
] as const
export type StatusWord = (typeof statusWords)[number]

/** One change of a rollout, as it is reported. `at` is Unix seconds; `digest8` the first 8 hex digits of the plan's digest. */
export type StatusEntry = {
  seq: number
  step: number
  weight: number
  word: StatusWord
  digest8: string
  at: number
  reason: string | null
}

const line =
  /^(\d{1,6}) (\d{1,3}) (\d{1,3}(?:\.\d{1,4})?) ([a-z-]{1,20}) ([0-9a-f]{8})(?: (\d{1,12}(?:\.\d{1,3})?))?(?: ([a-z0-9-]{1,60}))?$/

/** The first 8 hex digits of a digest, with or without its `sha256:`. */
export const digest8 = (digest: string): string => digest.replace(/^sha256:/, '').slice(0, 8)

/** `<seq> <step> <weight> <word> <digest8> <unix seconds> [<reason>]`, at most 140 characters as GitHub's statuses allow. */
export const formatStatusLine = (entry: StatusEntry): string => {
  const parts = [
    entry.seq,
    entry.step,
    entry.weight,
    entry.word,
    entry.digest8,
    Math.round(entry.at * 10) / 10,
  ]
  return [...parts, ...(entry.reason ? [entry.reason] : [])].join(' ')
}

/** A description read back; null when it is not such a line. `createdAt` (Unix seconds) stands in for a missing time. */
export const parseStatusLine = (description: string, createdAt = 0): StatusEntry | null => {
  const match = line.exec(description.trim())
  if (!match) return null
  const [, seq, step, weight, word, digest, at, reason] = match
  const known = statusWords.find((candidate) => candidate === word)
  if (!known || Number(weight) > 100) return null
  return {
    seq: Number(seq),
    step: Number(step),
    weight: Number(weight),
    word: known,
    digest8: digest ?? '',
    at: at === undefined ? createdAt : Number(at),
    reason: reason ?? null,
  }
}
