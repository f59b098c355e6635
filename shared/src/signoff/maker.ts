/** A person as git and GitHub know them. */
export type Person = { login: string | null; name: string; email: string }

/** Who had a hand in the changes of a release: the accounts known, and how many people could not be told. */
export type Makers = { logins: ReadonlySet<string>; unknown: number }

/**
 * The accounts behind the changes. `authors` is how the plan names them (a login, `@login` or an address); `people`
 * are authors and committers of the commits. Without an account and without a noreply address of GitHub a person
 * cannot be compared with an approver, and is counted.
 */
export const makersOf = (authors: readonly string[], people: readonly Person[]): Makers => {
  const logins = new Set<string>()
  const strangers = new Set<string>()
  for (const author of authors) for (const login of loginsIn(author)) logins.add(login)
  for (const { login, email } of people) {
    const known = [...(login ? [login.toLowerCase()] : []), ...noreply(email)]
    for (const one of known) logins.add(one)
    if (known.length === 0 && email !== githubItself) strangers.add(email.toLowerCase())
  }
  return { logins, unknown: strangers.size }
}

export const isMaker = (login: string, { logins }: Makers): boolean => logins.has(login.toLowerCase())

/** GitHub commits merges under this address when it merges for somebody. */
const githubItself = 'noreply@github.com'

const loginsIn = (author: string): string[] => {
  const word = author.trim().replace(/^@/, '')
  const bare = /^[a-z\d](?:[a-z\d]|-(?=[a-z\d]))*(?:\[bot\])?$/i.test(word) ? [word.toLowerCase()] : []
  return [...bare, ...noreply(author)]
}

/** `1234+login@users.noreply.github.com` and the older form without the number. */
const noreply = (text: string): string[] =>
  [
    ...text.matchAll(/(?:\d+\+)?([a-z\d](?:[a-z\d]|-(?=[a-z\d]))*(?:\[bot\])?)@users\.noreply\.[a-z\d.-]+/gi),
  ].map((match) => (match[1] ?? '').toLowerCase())
