import { GitHubError } from '../../ports/github-error.ts'
import type { RecordStore } from '../../ports/record-store.ts'
import { canonicalJson } from '../../record/canonical-json.ts'
import { sealEvents } from '../../record/chain.ts'
import { applyServiceChange, checkToken, newService } from '../../record/change-service.ts'
import type { EventDraft, RecordEvent } from '../../record/event.ts'
import { RecordError } from '../../record/record-error.ts'
import type { Service } from '../../record/service.ts'
import { sha256 } from '../hash/sha256.ts'
import { chunks } from './chunks.ts'
import { type ClientOptions, openClient } from './client.ts'
import { openContents } from './contents.ts'
import { type Addition, isStale, openRecordBranch, type RecordBranch } from './record-branch.ts'
import { isName, paths, readEvents, readService, writeEvent, writeService } from './record-files.ts'

type More = NonNullable<Parameters<RecordStore['append']>[3]>
type Known = { events: RecordEvent[]; service: Service; plan: boolean }
type Append = { service: string; release: string; drafts: readonly EventDraft[]; more: More }

const attempts = 8
/** Releases that one request reads. */
const atOnce = 30

/**
 * The record on the branch relman-record. A write is one commit by compare-and-swap: three calls, however long the
 * record is. After a lost answer the branch is read again, and events whose key is there are not written twice.
 */
export const openRecordStore = (options: ClientOptions & { branch?: string }): RecordStore => {
  const { clock, signal, dryRun } = options
  const client = openClient(options)
  const branch = openRecordBranch(client, options.branch)
  const contents = openContents(client)
  const seal = (service: string, release: string) => ({ service, release, sha256 })

  const attempt = async (wanted: Append): Promise<Known> => {
    const head = await headOrCreate(branch)
    const { service, release, drafts, more } = wanted
    const known = await readKnown(branch, head, wanted)
    more.guard?.(known.events)
    const now = clock.now()
    const after = more.change ? applyServiceChange(known.service, more.change, now) : known.service
    const fresh = sealEvents(known.events, drafts, {
      ...seal(service, release),
      now: new Date(now).toISOString(),
    })
    for (const { token } of fresh) if (token !== null) checkToken(after, token)
    const additions = additionsOf(known, after, fresh, wanted)
    if (additions.length > 0) await branch.commit(head, headline(service, release, fresh), additions)
    return { events: [...known.events, ...fresh], service: after, plan: true }
  }

  return {
    events: async (service, release) => {
      const head = await branch.head()
      if (head === null) return []
      const [files = []] = await branch.files(head, [paths.release(service, release)])
      return readEvents(files, seal(service, release))
    },

    service: async (service) => {
      const head = await branch.head()
      if (head === null) return newService(service)
      const [file = []] = await branch.files(head, [paths.service(service)])
      return readService(file[0], service, sha256)
    },

    releases: async (service) => {
      const head = await branch.head()
      return head === null ? [] : branch.names(head, paths.releases(service))
    },

    neighbours: async (choose) => {
      const head = await branch.head()
      if (head === null) return []
      const all = await branch.folders(head, paths.everyRelease)
      // A folder that somebody made by hand is no service.
      const known = all.filter(({ name }) => isName(name))
      const chosen = choose(
        known.map(({ name, names }) => ({ service: name, releases: names.filter(isName) })),
      )
      const found: Awaited<ReturnType<RecordStore['neighbours']>> = []
      for (const part of chunks(chosen, atOnce)) {
        const files = await branch.files(
          head,
          part.map(({ service, release }) => paths.release(service, release)),
        )
        for (const [index, named] of part.entries())
          found.push({ ...named, events: readable(files[index] ?? [], seal(named.service, named.release)) })
      }
      return found
    },

    plan: async (digest) => {
      const head = await branch.head()
      const text = head === null ? null : await contents.file(paths.plan(digest), head)
      if (text !== null && sha256(text) !== digest) {
        throw new RecordError(
          'broken-chain',
          `the plan ${digest} in the record was changed after it was written`,
        )
      }
      return text
    },

    append: async (service, release, drafts, more = {}) => {
      if (dryRun) throw new Error('a dry run tried to write the record')
      const { plan } = more
      if (plan && sha256(plan.text) !== plan.digest) throw new Error('the plan does not match its digest')
      for (let number = 0; number < attempts; number += 1) {
        try {
          const { events, service: after } = await attempt({ service, release, drafts, more })
          return { events, service: after }
        } catch (error) {
          const lost = error instanceof GitHubError && error.reasonCode === 'github-unavailable'
          if (!isStale(error) && !lost) throw error
          // GitHub may show a branch as it was up to half a minute ago.
          await clock.sleep(Math.min(8_000, 250 * 2 ** number) * (0.5 + Math.random()), signal)
        }
      }
      throw new RecordError(
        'record-contended',
        `the record of ${service} ${release} could not be written: the branch ${branch.name} moved or did not answer ${attempts} times`,
      )
    },
  }
}

const readable = (...given: Parameters<typeof readEvents>): RecordEvent[] | null => {
  try {
    return readEvents(...given)
  } catch (error) {
    if (!(error instanceof RecordError)) throw error
    return null
  }
}

const headOrCreate = async (branch: RecordBranch): Promise<string> => {
  const head = await branch.head()
  if (head !== null) return head
  await branch.create()
  const created = await branch.head()
  if (created === null)
    throw new GitHubError('github-unavailable', `the branch ${branch.name} is not visible yet`)
  return created
}

const readKnown = async (
  branch: RecordBranch,
  head: string,
  { service, release, more }: Append,
): Promise<Known> => {
  const wanted = [paths.release(service, release), paths.service(service)]
  if (more.plan) wanted.push(paths.plan(more.plan.digest))
  const [files = [], file = [], plan = []] = await branch.files(head, wanted)
  const events = readEvents(files, { service, release, sha256 })
  const newer = events.find(({ schema }) => Number(schema) > 1)
  if (newer) {
    throw new RecordError(
      'record-too-new',
      `event ${newer.seq} of ${service} ${release} was written by a later version of relman; use that version`,
    )
  }
  return { events, service: readService(file[0], service, sha256), plan: plan.length > 0 }
}

const additionsOf = (
  known: Known,
  after: Service,
  fresh: readonly RecordEvent[],
  wanted: Append,
): Addition[] => {
  const { service, release, more } = wanted
  const additions: Addition[] = fresh.map((event) => {
    const { name, text } = writeEvent(event)
    return { path: `${paths.release(service, release)}/${name}`, text }
  })
  if (canonicalJson(after) !== canonicalJson(known.service)) {
    additions.push({ path: paths.service(service), text: writeService(after, sha256) })
  }
  if (more.plan && !known.plan) {
    additions.push({ path: paths.plan(more.plan.digest), text: more.plan.text })
  }
  return additions
}

const headline = (service: string, release: string, fresh: readonly RecordEvent[]): string => {
  const what = fresh.map(({ kind }) => kind).join(', ')
  return `${service} ${release}: ${what || 'what the service runs'}`
}
