import type { Part } from '@relman/core/manifest/manifest'
import { GitHubError } from '@relman/core/ports/github-error'
import type { Partner, TrainPorts } from '@relman/core/ports/train'
import { fold } from '@relman/core/record/fold'
import { RecordError } from '@relman/core/record/record-error'
import { callerFaults } from '@relman/core/train/caller-faults'
import { runKey } from '@relman/core/train/identity'
import { beforeDeparture } from '@relman/core/train/prepare'
import { stepsOf } from '@relman/core/train/steps'
import type { Operation, PartFacts, RunLook, TrainFacts } from '@relman/core/train/train'
import { trainMarker, trainTicketLabel } from '@relman/core/train/train-ticket'
import { isOf, type TeamWord, teamWords, type Word, wordsIn } from '@relman/core/train/word'
import { z } from 'zod'
import type { Train } from './read-train.ts'

/** How many repositories are asked at the same time. */
const together = 6

/** Everything that a pass is decided by, read now. */
export const gatherTrain = async (train: Train, ports: TrainPorts): Promise<TrainFacts> => {
  const { manifest, review, digest, events } = train
  const written = new Map(manifest.components.map((part) => [part.component, part]))
  const ships = review.order.flatMap((component) => written.get(component) ?? [])
  const words = await wordsOf(train, ports)
  const teams = [...new Set(ships.map(({ team }) => team))]
  const speaks = await speakers(train, ships, words, ports)
  const parts: PartFacts[] = []
  for (let at = 0; at < ships.length; at += together)
    parts.push(
      ...(await Promise.all(ships.slice(at, at + together).map((part) => factsOf(part, train, ports)))),
    )
  const owner = await ownerOf(train, words, ports)
  return {
    manifest,
    review,
    digest,
    now: new Date(ports.clock.now()).toISOString(),
    events,
    parts: new Map(parts.map((part) => [part.component, part])),
    teams: agreed(train) ?? teamWords(teams, words, digest, speaks),
    words: words.filter(
      (word) =>
        isOf(word, digest) &&
        (owner(word.by) || (word.verb === 'stop' && teams.some((team) => speaks(word.by, team)))),
    ),
    drivable: ports.partner !== null,
  }
}

const isBefore = (events: Train['events']): boolean =>
  beforeDeparture.some((state) => state === fold(events).state)

/** What the teams had said when the train left; null before. */
const agreed = ({ events, digest }: Train): TeamWord[] | null => {
  const go = isBefore(events) ? undefined : events.findLast(({ kind }) => kind === 'approved')
  const said = z
    .array(z.object({ team: z.string(), by: z.string().nullable(), comment: z.string().nullable() }))
    .safeParse(go?.digest === digest ? go.data['confirmations'] : null)
  return said.success
    ? said.data.map(({ team, by, comment }) => ({
        team,
        state: 'confirmed',
        by,
        at: go?.at ?? null,
        url: comment,
        comment: null,
        why: '',
      }))
    : null
}

/** Whether this login is the owner's. A name that happens to be the login of a stranger is none: the owner may push here. */
const ownerOf = async (
  { manifest, digest }: Train,
  words: readonly Word[],
  { mayPush }: TrainPorts,
): Promise<(login: string) => boolean> => {
  const owner = manifest.owner.toLowerCase()
  const said = words.find((word) => word.by.toLowerCase() === owner && isOf(word, digest))
  const may = said !== undefined && (await askGently(mayPush, said.by))
  return (login) => may && login.toLowerCase() === owner
}

/** A repository that cannot be asked vouches for nobody. */
const askGently = async (mayPush: (login: string) => Promise<boolean>, login: string): Promise<boolean> => {
  try {
    return await mayPush(login)
  } catch (error) {
    if (error instanceof GitHubError) return false
    throw error
  }
}

/** What was said in the ticket. Once the train has left, a ticket that cannot be read must not keep it from being undone. */
const wordsOf = async ({ slug, events }: Train, ports: TrainPorts): Promise<Word[]> => {
  try {
    const ticket = await ports.ticket(trainTicketLabel, trainMarker(slug))
    return ticket === null ? [] : wordsIn(await ports.comments(ticket))
  } catch (error) {
    if (isBefore(events) || !(error instanceof GitHubError)) throw error
    return []
  }
}

/**
 * Who speaks for which team: whoever may push to every repository of its components, and is among its `owners` where the manifest
 * names some. GitHub keeps the first, so that no other team can confirm in its place, whatever it writes into the manifest.
 */
const speakers = async (
  { manifest, digest, events }: Train,
  ships: readonly Part[],
  words: readonly Word[],
  { partner }: TrainPorts,
): Promise<(login: string, team: string) => boolean> => {
  const known = new Map<string, Promise<boolean>>()
  const ask = async (login: string, repository: string): Promise<boolean> => {
    const other = partner?.(repository)
    return other ? askGently(other.mayPush, login) : false
  }
  const mayPush = (login: string, repository: string): Promise<boolean> => {
    const key = `${login.toLowerCase()} ${repository}`
    const answer = known.get(key) ?? ask(login, repository)
    known.set(key, answer)
    return answer
  }
  const before = isBefore(events)
  const may = new Set<string>()
  const asked = new Set<string>()
  for (const { verb, team, by, digest: about } of words) {
    const stops = verb === 'stop' && digest.startsWith(about)
    // After the departure nobody confirms any more.
    const wanted = stops
      ? [...new Set(ships.map((part) => part.team))]
      : before && (verb === 'confirm' || verb === 'object')
        ? [team]
        : []
    for (const each of wanted) {
      const repositories = ships.filter((part) => part.team === each).map(({ repository }) => repository)
      const key = keyOf(by, each)
      if (repositories.length === 0 || asked.has(key) || !isOwner(manifest, each, by)) continue
      asked.add(key)
      const answers = await Promise.all(repositories.map((repository) => mayPush(by, repository)))
      if (answers.every(Boolean)) may.add(key)
    }
  }
  return (login, team) => may.has(keyOf(login, team))
}

const keyOf = (login: string, team: string): string => JSON.stringify([login.toLowerCase(), team])

const isOwner = ({ teams = {} }: Train['manifest'], team: string, login: string): boolean => {
  const owners = Object.hasOwn(teams, team) ? teams[team]?.owners : undefined
  return owners === undefined || owners.some((owner) => owner.toLowerCase() === login.toLowerCase())
}

const factsOf = async (part: Part, train: Train, ports: TrainPorts): Promise<PartFacts> => {
  const nothing = {
    component: part.component,
    faults: [],
    state: null,
    live: null,
    release: null,
    rollback: null,
  }
  const partner = ports.partner?.(part.repository)
  if (!partner) return { ...nothing, trouble: 'there is no token for its repository' }
  try {
    const faults = isBefore(train.events) ? await faultsOf(part, train, partner) : []
    const run = (operation: Operation) => runOf(part, operation, train, partner, ports)
    // The runs first: what the record says after a run was over is its last word.
    const release = await run('release')
    const rollback = await run('rollback')
    const service = part.service ?? part.repository.split('/')[1] ?? ''
    const found =
      part.version === undefined ? { state: null, live: null } : await partner.release(service, part.version)
    return { ...nothing, faults, release, rollback, ...found, trouble: null }
  } catch (error) {
    if (!(error instanceof GitHubError || error instanceof RecordError)) throw error
    return { ...nothing, trouble: error.message }
  }
}

const faultsOf = async (
  part: Part,
  { manifest, repositories }: Train,
  partner: Partner,
): Promise<string[]> => {
  const text = (file: string) => partner.file(`.github/workflows/${file}`)
  const serviceOf = ({ repository, service }: Part) =>
    `${repository.toLowerCase()} ${service ?? repository.split('/')[1] ?? ''}`
  const first = manifest.components.find((other) => serviceOf(other) === serviceOf(part))
  const owners = new Set(repositories.map((repository) => repository.split('/')[0]?.toLowerCase()))
  return [
    ...callerFaults(await text(part.workflow), part.workflow, 'release'),
    ...callerFaults(await text(part.rollback), part.rollback, 'rollback'),
    ...(first === part || first === undefined
      ? []
      : ['it is the same service of the same repository as another component; write its service']),
    ...(owners.size > 1 ? ['the repositories of one train belong to one owner, whose app drives them'] : []),
  ]
}

const runOf = async (
  { component, workflow, rollback }: Part,
  operation: Operation,
  { slug, digest, events }: Train,
  partner: Partner,
  { sha256 }: TrainPorts,
): Promise<RunLook | null> => {
  const steps = stepsOf(events, component, operation)
  if (steps.run !== null) return partner.run(steps.run)
  if (steps.attempts === 0) return null
  const first = events.find(({ data }) => data['component'] === component && data['operation'] === operation)
  const key = runKey({ train: slug, digest, component, operation }, sha256)
  const file = operation === 'release' ? workflow : rollback
  return partner.find(file, key, Date.parse(first?.at ?? ''))
}
