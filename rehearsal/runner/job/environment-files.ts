/**
 * Reads GITHUB_OUTPUT, GITHUB_ENV and GITHUB_STATE: `name=value` or `name<<delimiter … delimiter`, whichever mark
 * comes first in the line (runner: FileCommandManager.cs, EnvFileKeyValuePairs).
 * @throws Error for a line of neither form, an empty name or delimiter, a delimiter that never comes.
 */
export function readEntries(text: string): [name: string, value: string][] {
  const entries: [string, string][] = []
  const lines = text.split('\n')
  const endsWithNewline = lines.at(-1) === ''
  if (endsWithNewline) lines.pop()
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    if (line === '') continue
    const equals = line.indexOf('=')
    const heredoc = line.indexOf('<<')
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      entries.push([line.slice(0, equals), line.slice(equals + 1)])
      continue
    }
    if (heredoc < 0) throw new Error(`Invalid format '${line}'`)
    const name = line.slice(0, heredoc)
    const delimiter = line.slice(heredoc + 2)
    if (name === '' || delimiter === '')
      throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`)
    const end = lines.indexOf(delimiter, index + 1)
    if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`)
    entries.push([name, lines.slice(index + 1, end).join('\n')])
    index = end
  }
  return entries
}

/** Variables that GITHUB_ENV may not set (runner: SetEnvFileCommand). */
export const blockedVariables = ['NODE_OPTIONS']

/** Largest summary of one step in bytes; a larger one is not shown and an error is (runner: CreateStepSummaryCommand). */
export const summaryLimit = 1024 * 1024
