const box = /^\s*- \[[xX]\] `([^`]+)`/

/** The names of the boxes that people ticked in a section of a ticket (`marker` as in writeSections). */
export const ticksIn = (body: string, marker: string, name: string): Set<string> => {
  const lines = body.split('\n').map((line) => line.trimEnd())
  const start = lines.findIndex((line) => line.trim() === `<!-- ${marker}:${name} -->`)
  const end = lines.findIndex((line, at) => at > start && line.trim() === `<!-- /${marker}:${name} -->`)
  const within = start < 0 || end < 0 ? [] : lines.slice(start + 1, end)
  return new Set(within.flatMap((line) => box.exec(line)?.[1] ?? []))
}
