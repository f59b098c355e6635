/** A part of the ticket that one step keeps up to date; everything else in the ticket belongs to people. */
export type Section = { name: string; text: string }

const lineOf = (text: string): string => `<!-- ${text} -->`

type Lines = { open: number; close: number }

/**
 * A ticket's body with these sections brought up to date in place. `marker` is the ticket's own
 * (`relman:ticket:<service>:<version>`). A section begins and ends with a marker on a line of its own; what stands around
 * and between sections, and what is inside other sections, stays as it is to the letter. Where one or both markers were
 * deleted, the text that is left belongs to people and the section is added anew at the end, once. A second copy of a
 * section is removed. Boxes that people ticked stay ticked. `seq` is the event of the record that the texts are of: a section
 * of the same or a later one stays as it is, so that of two writers the one who knows more has the last word.
 */
export const writeSections = (
  body: string | null,
  marker: string,
  sections: readonly Section[],
  seq: number,
): string => sections.reduce((text, section) => writeSection(text, marker, section, seq), body ?? '')

const writeSection = (body: string, marker: string, { name, text }: Section, seq: number): string => {
  const start = lineOf(`${marker}:${name}`)
  const end = lineOf(`/${marker}:${name}`)
  const lines = body === '' ? [] : body.split('\n')
  const bare = (at: number): string => (lines[at] ?? '').trim()
  const pairs = pairsIn(
    lines.length,
    (at) => bare(at) === start,
    (at) => bare(at) === end,
    (at) => bare(at).startsWith(`<!-- ${marker}:`) || bare(at).startsWith(`<!-- /${marker}:`),
  )
  const [first, ...copies] = pairs
  const old = first ? lines.slice(first.open + 1, first.close) : []
  const later = stampOf(old) >= seq
  const fresh = later ? old : [stamp(seq), ...keepTicks(old, text.split('\n'))]
  const whole = [start, ...fresh, end]
  const within = (at: number, { open, close }: Lines): boolean => at >= open && at <= close
  const kept = lines.flatMap((line, at) => {
    if (first && at === first.open) return later ? lines.slice(first.open, first.close + 1) : whole
    if (first && within(at, first)) return []
    if (copies.some((copy) => within(at, copy))) return []
    // A marker that lost its other half.
    return bare(at) === start || bare(at) === end ? [] : [line]
  })
  if (first) return kept.join('\n')
  const before = kept.join('\n')
  const gap = before.endsWith('\n') ? '\n' : '\n\n'
  return before === '' ? whole.join('\n') : `${before}${gap}${whole.join('\n')}`
}

const stamp = (seq: number): string => lineOf(`of event ${seq}`)

/** -1: a section without one is older than any. */
const stampOf = (lines: readonly string[]): number =>
  Number(/^<!-- of event (\d{1,9}) -->$/.exec((lines[0] ?? '').trim())?.[1] ?? -1)

/** A section that holds another one's marker was pulled apart: to write it would take the other one away. */
const pairsIn = (
  count: number,
  opens: (at: number) => boolean,
  closes: (at: number) => boolean,
  marks: (at: number) => boolean,
): Lines[] => {
  const pairs: Lines[] = []
  let open: number | null = null
  for (let at = 0; at < count; at += 1) {
    if (opens(at)) open = at
    else if (closes(at) && open !== null) {
      pairs.push({ open, close: at })
      open = null
    } else if (marks(at)) open = null
  }
  return pairs
}

const box = /^(\s*- \[)([ xX])(\] `([^`]+)`.*?)\r?$/

/** Boxes that are ticked in the old text and stand in the new one under the same name, in the code at their start. */
const keepTicks = (old: readonly string[], fresh: readonly string[]): string[] => {
  const ticked = new Set(
    old.flatMap((line) => {
      const [, , tick, , id] = box.exec(line) ?? []
      return tick && tick !== ' ' && id ? [id] : []
    }),
  )
  return fresh.map((line) => {
    const [, lead, , rest, id = ''] = box.exec(line) ?? []
    return lead && ticked.has(id) ? `${lead}x${rest}` : line
  })
}
