import type { Commit } from '../../ports/git.ts'

/**
 * One commit after another: an empty field, six fields, then the paths. Messages and paths hold no NUL, and no path is
 * empty, so that nothing in them can look like the next commit.
 */
export const logFormat = '--format=%x00%H%x00%P%x00%an%x00%ae%x00%cI%x00%B'

/** Reads `git log -z` in `logFormat`, with or without `--name-only`. */
export const parseLog = (output: string, withPaths: boolean): Commit[] => {
  const fields = output.split('\0')
  const commits: Commit[] = []
  let at = 0
  while (at + 6 < fields.length) {
    const [, sha = '', parents = '', author = '', email = '', date = '', message = ''] = fields.slice(
      at,
      at + 7,
    )
    at += 7
    const start = at
    while (at < fields.length && fields[at] !== '') at++
    const paths = fields.slice(start, at).map((path, index) => (index === 0 ? path.replace(/^\n/, '') : path))
    commits.push({
      sha,
      parents: parents === '' ? [] : parents.split(' '),
      author,
      email,
      date,
      message: message.trimEnd(),
      paths: withPaths ? paths : null,
    })
  }
  return commits
}
