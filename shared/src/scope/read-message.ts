import { isDependencyTitle } from './dependency-title.ts'
import { gitmojiKind } from './gitmoji.ts'

/** What one commit message or pull request title says. Reading never fails: what no rule reads is kept as it is. */
export type Message = {
  /** The line that was read: the subject, or the title in the body of a merge commit. */
  subject: string
  kind: string
  area: string | null
  title: string
  breaking: boolean
  breakingNote: string | null
  pull: number | null
  issues: number[]
  /** What this message says it undoes. */
  reverts: { shas: string[]; pulls: number[]; subject: string | null } | null
  readable: boolean
}

const kinds: Record<string, string> = {
  feat: 'feat',
  feature: 'feat',
  features: 'feat',
  new: 'feat',
  fix: 'fix',
  fixes: 'fix',
  bugfix: 'fix',
  bug: 'fix',
  hotfix: 'fix',
  perf: 'perf',
  performance: 'perf',
  security: 'security',
  sec: 'security',
  improvement: 'improve',
  improve: 'improve',
  enhancement: 'improve',
  deprecate: 'deprecate',
  deprecated: 'deprecate',
  deprecation: 'deprecate',
  docs: 'docs',
  doc: 'docs',
  documentation: 'docs',
  style: 'style',
  refactor: 'refactor',
  refact: 'refactor',
  cleanup: 'refactor',
  test: 'test',
  tests: 'test',
  build: 'build',
  deps: 'build',
  ci: 'ci',
  chore: 'chore',
  release: 'chore',
  types: 'fix',
  i18n: 'docs',
  revert: 'revert',
}

// Own keys only: `constructor: x` is free text.
const kindOf = (word: string): string | undefined =>
  Object.hasOwn(kinds, word.toLowerCase()) ? kinds[word.toLowerCase()] : undefined

// A stray line separator inside a title is part of it.
const header =
  /^([A-Za-z0-9][A-Za-z0-9_-]{1,19})\s?(?:\(([^()]{0,80})\)|\[([^[\]]{0,80})\])?(!)?\s?:\s*(\S.*)$/s
const breakingTitle = /^BREAKING(?:[ -]CHANGES?)?:\s*\S/
const emoji =
  /^(?:(?::[a-z0-9_+-]{1,40}:|\p{Extended_Pictographic}(?:\ufe0f|\u200d|\p{Extended_Pictographic})*)\s*)+/u
const pullSuffix = /\s*\((?:#|!)(\d{1,9})\)\s*$/
const mergeOfPull = /^Merge pull request #(\d{1,9}) from \S+/
const mergeOfOther = /^Merge (?:remote-tracking )?(?:branch|tag|commit)/
const revertQuote = /^(?:Revert|Reapply):?\s+"(.*)"\s*$/
const footer = /^BREAKING[ -]CHANGES?:\s*(.*)$/
// What people leave in a template of pull requests; it announces that nothing breaks.
const nothing = /^(?:none|no|nope|nothing|n\/a|not applicable|-+)[.!]?$/i
const otherFooter = /^(?:[A-Za-z][A-Za-z-]{1,40}: |[A-Za-z][A-Za-z-]{1,40} #|BREAKING[ -]CHANGE)/
const closing = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?|refs?|see):?\s+#(\d{1,9})\b/gi

/** Reads a message as Conventional Commits 1.0 has it, with the squash titles and merge commits that GitHub writes. */
export const readMessage = (message: string): Message => {
  const lines = message.slice(0, 200_000).split(/\r?\n/)
  const first = (lines[0] ?? '').trim().slice(0, 2_000)
  const merged = mergeOfPull.exec(first)
  const titled = merged || mergeOfOther.test(first)
  const inner = titled ? (lines.slice(1).find((line) => line.trim() !== '') ?? '').trim().slice(0, 2_000) : ''
  const subject = inner || first
  const body = lines.slice(1).map((line) => line.slice(0, 2_000))
  return {
    ...readSubject(subject, merged ? Number(merged[1]) : null),
    ...readBreaking(subject, body),
    issues: issuesOf(subject, body),
    reverts: revertsOf(subject, body),
  }
}

type Subject = Omit<Message, 'issues' | 'reverts' | 'breaking' | 'breakingNote'>

const readSubject = (subject: string, merged: number | null): Subject => {
  const { bare, numbers } = withoutPulls(subject)
  const read = {
    subject,
    area: null,
    title: bare || '(no subject)',
    pull: merged ?? numbers[0] ?? null,
    readable: true,
  }
  const said = headerOf(bare)
  if (said?.kind) return { ...read, kind: said.kind, area: said.area, title: said.title }
  if (revertQuote.test(bare)) {
    const back = broughtBack(bare)
    return { ...read, kind: back?.kind ?? 'revert', area: back?.area ?? null }
  }
  const sign = gitmojiKind(bare)
  if (sign !== null) return { ...read, kind: sign === 'breaking' ? 'other' : sign }
  if (isDependencyTitle(bare)) return { ...read, kind: 'build' }
  return { ...read, kind: 'other', readable: false }
}

type Header = { kind: string | undefined; area: string | null; bang: boolean; title: string }

/** `type(area)!: title`; `kind` is undefined for a type that no rule knows. */
const headerOf = (bare: string): Header | null => {
  const match = header.exec(stated(bare))
  if (!match) return null
  const [, type = '', round, square, bang, title = ''] = match
  return { kind: kindOf(type), area: round ?? square ?? null, bang: bang === '!', title }
}

/** What stands before the colon without emoji and invisible characters, which would hide the type. */
const stated = (bare: string): string =>
  bare.replace(emoji, '').replace(/^[^:]{0,120}:/, (head) => head.replace(/\p{Cf}/gu, '').trimStart())

/** The change that a revert of its revert brings in once more; null where the last word is that it is undone, or its title is free text. */
const broughtBack = (bare: string): Header | null => {
  let title = bare
  let undone = false
  for (let quote = revertQuote.exec(title); quote; quote = revertQuote.exec(title)) {
    if (title.startsWith('Revert')) undone = !undone
    title = withoutPulls(quote[1] ?? '').bare
  }
  const said = undone || title === bare ? null : headerOf(title)
  return said?.kind ? said : null
}

const withoutPulls = (subject: string): { bare: string; numbers: number[] } => {
  const numbers: number[] = []
  let bare = subject
  for (let match = pullSuffix.exec(bare); match && numbers.length < 10; match = pullSuffix.exec(bare)) {
    numbers.push(Number(match[1]))
    bare = bare.slice(0, match.index)
  }
  return { bare: bare.trim(), numbers }
}

const readBreaking = (
  subject: string,
  body: readonly string[],
): { breaking: boolean; breakingNote: string | null } => {
  const { bare } = withoutPulls(subject)
  // Conventional Commits allow any type, so the mark counts beside one that no rule knows.
  const bang =
    gitmojiKind(bare) === 'breaking' ||
    breakingTitle.test(stated(bare)) ||
    headerOf(bare)?.bang === true ||
    broughtBack(bare)?.bang === true
  const at = body.findIndex((line) => !nothing.test((footer.exec(line.trim())?.[1] ?? 'none').trim()))
  if (at < 0) return { breaking: bang, breakingNote: null }
  const note = [footer.exec((body[at] ?? '').trim())?.[1] ?? '']
  for (const line of body.slice(at + 1)) {
    if (line.trim() === '' || otherFooter.test(line.trim())) break
    note.push(line.trim())
  }
  return { breaking: true, breakingNote: note.join(' ').trim().slice(0, 2_000) || null }
}

const issuesOf = (subject: string, body: readonly string[]): number[] => {
  const { numbers } = withoutPulls(subject)
  const named = [...[subject, ...body].join('\n').matchAll(closing)].map((match) => Number(match[1]))
  return [...new Set([...numbers.slice(1), ...named])].sort((a, b) => a - b)
}

const revertsOf = (subject: string, body: readonly string[]): Message['reverts'] => {
  const bare = withoutPulls(subject).bare.replace(emoji, '')
  const conventional = /^revert(?:\([^()]*\))?!?:\s*(.*)$/i.exec(bare)
  const quote = revertQuote.exec(bare)
  const text = body.join('\n')
  const shas = [...text.matchAll(/\b(?:reverts|undoes) commits?\s+([0-9a-f]{7,64})\b/gi)].map(
    (match) => match[1] ?? '',
  )
  const pulls = [...text.matchAll(/^Reverts (?:[\w.-]+\/[\w.-]+)?#(\d{1,9})\b/gim)].map((match) =>
    Number(match[1]),
  )
  if (!conventional && !quote) return null
  const undone = quote
    ? bare.startsWith('Reapply')
      ? null
      : (quote[1] ?? null)
    : (conventional?.[1] ?? null)
  return {
    shas,
    pulls,
    subject: undone === null ? null : withoutPulls(undone.replace(/^"(.*)"$/, '$1')).bare,
  }
}
