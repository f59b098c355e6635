import { z } from 'zod'

/** What a plan holds of its embargo (row P3). */
export const embargo = z.object({
  until: z.string().nullable().describe('ISO 8601; null: until a person says that it is over'),
  public: z
    .boolean()
    .describe(
      'Whether pages of the repository can be read outside the team: then they leave out what it ships',
    ),
})
export type Embargo = z.output<typeof embargo>

type Asked = {
  type: string
  /** When the timeline discloses it; null where it does not. */
  disclosure: string | null
  /** ISO 8601, what the caller asks for; null for nothing. */
  asked: string | null
  public: boolean
}

/** A security release is embargoed until its disclosure; any other one where the caller asks for it. */
export const embargoOf = ({ type, disclosure, asked, public: open }: Asked): Embargo | null =>
  type === 'security' || asked !== null ? { until: asked ?? disclosure, public: open } : null

/** The embargo of what ships something that another release keeps closed: the later end of both, open to nobody where either is public. */
export const withEmbargoOf = (own: Embargo | null, other: Embargo): Embargo => {
  if (own === null) return other
  const ends = [own.until, other.until]
  const until = ends.includes(null)
    ? null
    : (ends
        .filter((end) => end !== null)
        .sort()
        .at(-1) ?? null)
  return { until, public: own.public || other.public }
}

/**
 * Whether the notes are still held back, and until when. `said` is what a person says at publication: that it is over now,
 * or another moment; null for nothing. `now` in milliseconds since 1970.
 */
export const heldUntil = (
  { embargo: held }: { embargo: Embargo | null },
  now: number,
  said: 'now' | string | null,
): { until: string | null } | null => {
  if (held === null || said === 'now') return null
  const until = said ?? held.until
  return until !== null && Date.parse(until) <= now ? null : { until }
}
