import { ConfigurationError } from '../../config/configuration-error.ts'
import { complaint, runGitIn } from './run-git.ts'

/** A tag and when it was made, in Unix seconds: of a lightweight tag, when its commit was. */
export type DatedTag = { name: string; at: number }

/** All tags of the repository in a folder with their dates, oldest first. @throws ConfigurationError */
export const readDatedTags = async (folder: string): Promise<DatedTag[]> => {
  const format = '--format=%(creatordate:unix) %(refname:strip=2)'
  const answer = await runGitIn(folder)(['for-each-ref', format, 'refs/tags'])
  if (answer.code !== 0)
    throw new ConfigurationError(`git cannot list the tags of ${folder}: ${complaint(answer)}`)
  return answer.stdout
    .split('\n')
    .flatMap((line) => {
      const [, at, name] = /^(\d+) (.+)$/.exec(line) ?? []
      return at && name ? [{ name, at: Number(at) }] : []
    })
    .sort((a, b) => a.at - b.at)
}
