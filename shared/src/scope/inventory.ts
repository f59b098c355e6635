import { cut } from '../text/visible.ts'
import { cancelReverts } from './cancel-reverts.ts'
import type { Change } from './change.ts'
import { type CodeOwners, ownersOfPaths } from './code-owners.ts'
import type { Commit } from './commit.ts'
import { detailsOf } from './details.ts'
import { insideMerge } from './inside-merge.ts'
import { strengthOf } from './kinds.ts'
import { peopleOf } from './people.ts'
import type { Pull } from './pull.ts'
import { type Message, readMessage } from './read-message.ts'
import { type Unit, unfold } from './unfold-merges.ts'

/** A change before its risk is known, with the paths that it touches. */
export type Item = { change: Omit<Change, 'level' | 'levelWhy'>; paths: string[] | null; text: string }

/** The numbers of pull requests that the history names, ascending: what to ask GitHub for. */
export const pullNumbers = (commits: readonly Commit[]): number[] => {
  const numbers = unfold(commits).map(({ commit }) => readMessage(commit.message).pull)
  return [...new Set(numbers.filter((number) => number !== null))].sort((a, b) => a - b)
}

/**
 * Every change of a range, newest first, none left out: each commit of the first-parent history, and each commit that
 * a merge without a pull request brought along; pull requests that another one brought are changes of their own. `commits` are all commits of the range, newest first. `pulls` is null
 * when GitHub was not asked; a number that GitHub does not know as a pull request then counts as an issue. `shipped`
 * are shas before the range that reverts in it name.
 */
export const inventory = (
  commits: readonly Commit[],
  pulls: readonly Pull[] | null,
  owners?: CodeOwners,
  shipped?: ReadonlySet<string>,
): Item[] => {
  const known = new Map((pulls ?? []).map((pull) => [pull.number, pull]))
  const units = unfold(commits).map((unit) => {
    const { commit } = unit
    const own = readMessage(commit.message)
    const pull = own.pull === null ? undefined : known.get(own.pull)
    return {
      ...unit,
      pull,
      message: joined(unit, asked(pulls !== null, pull, withTitle(own, pull))),
    }
  })
  const read = units.map((unit) => ({ ...unit, message: withInner(unit.message, unit.inner) }))
  const gone = cancelReverts(
    read.map(({ commit, message, inner }) => ({
      sha: commit.sha,
      message,
      inner: inner.map(({ sha }) => sha),
    })),
    shipped,
  )
  // Whoever undoes a merge undoes what it brought.
  for (const { commit, apart = [] } of read) if (gone.has(commit.sha)) for (const sha of apart) gone.add(sha)
  return read.map(({ commit, inner, apart, pull, message }) => ({
    text: [commit, ...inner]
      .map((each) => each.message)
      .join('\n')
      .slice(0, 100_000),
    paths: commit.paths,
    change: {
      sha: commit.sha,
      subject: cut(message.subject, 500),
      kind: message.kind,
      area: message.area === null ? null : cut(message.area, 80),
      title: cut(message.title, 500) || '(no title)',
      breaking: message.breaking,
      breakingNote: message.breakingNote === null ? null : cut(message.breakingNote, 2_000),
      author: cut(pull?.author ?? commit.author, 100),
      people: peopleOf([commit, ...inner], pull),
      date: commit.date,
      pull: message.pull,
      issues: [...new Set([...message.issues, ...(pull?.issues ?? [])])].sort((a, b) => a - b),
      labels: (pull?.labels ?? []).map((label) => cut(label, 100)),
      details: detailsOf([commit, ...inner].map((each) => each.message)),
      files: commit.paths?.length ?? null,
      lines: null,
      owners: owners && commit.paths ? ownersOfPaths(owners, commit.paths) : [],
      components: [],
      reverted: gone.has(commit.sha),
      ...insideOf({ commit, inner, ...(apart && { apart }) }),
      readable: message.readable,
    },
  }))
}

const insideOf = (unit: Unit): Pick<Change, 'inside'> => {
  const inside = insideMerge(unit)
  return inside ? { inside } : {}
}

/**
 * A merge that brings nothing and changes nothing is housekeeping, whatever its message says; it stays a change of the list. So is
 * one that stands beside what it brought, unless its title says more.
 */
const joined = ({ commit, inner, apart }: Unit, message: Message): Message => {
  if (message.readable) return message
  const nothing =
    commit.parents.length > 1 && inner.length === 0 && commit.paths?.length === 0 && message.pull === null
  return nothing || (apart && (commit.paths?.length ?? 0) === 0)
    ? { ...message, kind: 'chore', readable: true }
    : message
}

/** The pull request's title where the commit itself says nothing that a rule reads. */
const withTitle = (own: Message, pull: Pull | undefined): Message => {
  if (own.readable || !pull) return own
  const title = readMessage(pull.title)
  if (!title.readable) return { ...own, title: title.title }
  return {
    ...own,
    kind: title.kind,
    area: title.area,
    title: title.title,
    breaking: own.breaking || title.breaking,
    readable: true,
  }
}

const asked = (sure: boolean, pull: Pull | undefined, message: Message): Message =>
  !sure || pull || message.pull === null
    ? message
    : {
        ...message,
        pull: null,
        issues: [...new Set([...message.issues, message.pull])].sort((a, b) => a - b),
      }

/** A merge takes its type from its title, else from the strongest commit that it brings; what breaks always counts. */
const withInner = (message: Message, inner: readonly Commit[]): Message => {
  const read = inner.map((commit) => readMessage(commit.message))
  const breaking = read.find((each) => each.breaking)
  const broken = breaking
    ? {
        ...message,
        breaking: true,
        breakingNote: message.breakingNote ?? breaking.breakingNote ?? breaking.title,
      }
    : message
  if (message.readable) return broken
  const readable = read.filter((each) => each.readable)
  const strongest = readable.reduce<Message | null>(
    (best, each) => (best === null || strengthOf(each.kind) > strengthOf(best.kind) ? each : best),
    null,
  )
  return strongest ? { ...broken, kind: strongest.kind, area: strongest.area, readable: true } : broken
}
