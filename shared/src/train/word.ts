import { cut } from '../text/visible.ts'

/** A comment on the ticket of a train. Text is untrusted; GitHub vouches for author and times. */
export type Comment = {
  id: number
  author: string
  bot: boolean
  body: string
  createdAt: string
  /** Changed after it was written: whoever may push can change what others wrote, so it says nothing. */
  edited: boolean
  url: string
}

export type Verb = 'confirm' | 'object' | 'go' | 'no-go' | 'stop'

/** One command of a comment. `digest` are the first characters, `least` or more, of the revision that it is about. */
export type Word = {
  verb: Verb
  digest: string
  /** For confirm and object. */
  team: string
  by: string
  at: string
  url: string
  comment: number
  why: string
}

/** What a team has said last, by one of those who speak for it. */
export type TeamWord = {
  team: string
  state: 'confirmed' | 'objected' | 'stale' | 'missing'
  by: string | null
  at: string | null
  url: string | null
  comment: number | null
  why: string
}

/** Fewer would not do: who writes a manifest can look for two that begin alike, and have the harmless one confirmed. */
const least = 32

/** How a comment names a revision. */
export const shortRevision = (digest: string): string => digest.slice(0, least)

const command = /^\/relman (confirm|object|go|no-go|stop) ([0-9a-f]{32,64})(?: +(\S.*))?$/

/** The commands in the comments of people, oldest first. Only whole lines count; an edited comment counts for nothing. */
export const wordsIn = (comments: readonly Comment[]): Word[] =>
  [...comments]
    .sort((a, b) => a.id - b.id)
    .filter(({ bot, edited }) => !bot && !edited)
    .flatMap((comment) => {
      const lines = comment.body
        .slice(0, 65_536)
        .split('\n')
        .map((line) => line.trim())
      const rest = lines.filter((line) => !command.test(line)).join(' ')
      return lines.flatMap((line): Word[] => {
        const [, verb = '', digest = '', more = ''] = command.exec(line) ?? []
        if (verb === '') return []
        const named = verb === 'confirm' || verb === 'object'
        return [
          {
            verb: verb as Verb,
            digest,
            team: named ? more : '',
            by: comment.author,
            at: comment.createdAt,
            url: comment.url,
            comment: comment.id,
            why: cut(named ? rest : `${more} ${rest}`, 300),
          },
        ]
      })
    })

export const isOf = ({ digest }: Pick<Word, 'digest'>, revision: string): boolean =>
  revision.startsWith(digest)

/**
 * What each team says of a revision: its last word of those who speak for it.
 *
 * @param speaks whether this login may speak for this team
 */
export const teamWords = (
  teams: readonly string[],
  words: readonly Word[],
  revision: string,
  speaks: (login: string, team: string) => boolean,
): TeamWord[] =>
  teams.map((team) => {
    const said = words.filter(
      (word) =>
        (word.verb === 'confirm' || word.verb === 'object') && word.team === team && speaks(word.by, team),
    )
    const last = said.findLast((word) => isOf(word, revision))
    const word = last ?? said.at(-1)
    const state = last ? (last.verb === 'confirm' ? 'confirmed' : 'objected') : word ? 'stale' : 'missing'
    return {
      team,
      state,
      by: word?.by ?? null,
      at: word?.at ?? null,
      url: word?.url ?? null,
      comment: word?.comment ?? null,
      why: word?.why ?? '',
    }
  })
