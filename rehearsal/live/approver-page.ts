/** Below this many lines a folded part of a page is shown as it is. */
const short = 8

/**
 * A page of job summaries as a person reads it at a terminal: long folded lists named, not shown; Markdown's
 * escapes undone; no control character of a title reaches the terminal.
 */
export const terminalPage = (markdown: string): string =>
  markdown
    .replaceAll(/<details><summary>(.*?)<\/summary>(.*?)<\/details>/gs, (_, title: string, body: string) =>
      body.trim().split('\n').length > short
        ? `(${title}: see the folder of the summaries)`
        : `${title}:${body}`,
    )
    .replaceAll(/\\([\\`*_{}[\]()#+.!~|<>=-])/g, '$1')
    // Word joiners keep GitHub from linking; the rest could move the cursor or turn the text around.
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, (sign) => (sign === '\n' || sign === '\t' ? sign : ''))
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
