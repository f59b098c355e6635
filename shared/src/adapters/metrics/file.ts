import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ConfigurationError } from '../../config/configuration-error.ts'
import type { MetricCheck } from '../../config/metrics-policy.ts'
import type { FilePolicy } from '../../config/metrics-providers.ts'
import type { Look, MetricsProvider } from '../../ports/metrics.ts'
import type { Observation } from '../../verdict/observation.ts'
import { downUnless } from './down-unless.ts'
import { mergeTold } from './merge-told.ts'
import { readTold, type Told } from './told-observations.ts'
import { notDue, type Rhythm } from './told-rhythm.ts'
import { addSpan, type WeightSpans, weightOf } from './weight-spans.ts'

export type FileMetrics = { policy: FilePolicy; checks: readonly MetricCheck[]; cwd: string }

/** As much as is read at once; a file that grew by more is no tail. */
const readLimit = 64_000_000
const lineLimit = 16_000_000
const newline = 10

/** Where reading goes on: the byte after the last line that was complete, and how many lines were before it. */
type Tail = { offset: number; lines: number; inode: number }
const fromTheTop: Tail = { offset: 0, lines: 0, inode: 0 }

/**
 * A file of observations (docs/schemas/observation.json), one a line, that somebody appends to. A last line that is not
 * complete is waited for. A look takes every line that is new, ends by its `to` and began after the first look did, so a
 * line that comes late is counted late; a file that was replaced or cut is read from its top.
 */
export const openFileMetrics = ({ policy, checks, cwd }: FileMetrics): MetricsProvider => {
  const file = resolve(cwd, policy.path)
  const read = async (tail: Tail, signal?: AbortSignal) => {
    const late = AbortSignal.timeout(policy.timeout * 1000)
    const stop = signal ? AbortSignal.any([late, signal]) : late
    const { bytes, start, inode } = await newBytes(file, policy.path, tail, stop)
    const complete = completeLength(bytes, policy.path)
    const text = bytes.subarray(0, complete).toString('utf8')
    const { told, notes } = readTold(text, checks, start.lines + 1, `metrics.file: ${policy.path}`)
    const lines = start.lines + linesIn(text)
    return {
      told,
      notes: notes.map((note) => `${policy.path}: ${note}`),
      next: { offset: start.offset + complete, lines, inode },
    }
  }
  let tail = fromTheTop
  let first: number | null = null
  let waiting: Told[] = []
  let given: { to: number; observations: Observation[] } = { to: Number.NEGATIVE_INFINITY, observations: [] }
  const spans: WeightSpans = []
  const rhythm: Rhythm = new Map()
  const observe = async (from: number, to: number, weight: number, signal?: AbortSignal): Promise<Look> => {
    first ??= from
    const { told, notes, next } = await read(tail, signal)
    tail = next
    addSpan(spans, from, to, weight)
    const begin = first
    const known = [...waiting, ...told].filter((one) => one.from >= begin - 0.001)
    waiting = known.filter((one) => one.to > to + 0.001)
    const late = new Set(waiting)
    const news = known
      .filter((one) => !late.has(one))
      .map((one) => ({ ...one, weight: one.weight ?? weightOf(spans, one.from, one.to) ?? weight }))
    // A look that begins before the last one ended was not heard, and what it was told is told again.
    const again = from < given.to - 0.001
    const all = again ? [...given.observations, ...news] : news
    const { observations, notes: twice } = mergeTold(all, policy.path)
    given = { to, observations }
    // What came before is judged; one sentence for all such lines, so that no flood of them hides others.
    const past = news.find(
      (one) => !again && one.to <= (rhythm.get(one.metric)?.to ?? Number.NEGATIVE_INFINITY),
    )
    const passed = past
      ? [
          `${policy.path}: ${past.metric} to ${past.to} came after later numbers of it and is not counted any more`,
        ]
      : []
    return {
      observations,
      down: null,
      notes: [...notes, ...twice, ...passed],
      waiting: notDue(rhythm, observations, to),
    }
  }
  const range = async (from: number, to: number, weight: number, signal?: AbortSignal): Promise<Look> => {
    const { told, notes } = await read(fromTheTop, signal)
    const inside = told.filter((one) => one.from >= from - 0.001 && one.to <= to + 0.001)
    const { observations, notes: twice } = mergeTold(
      inside.map((one) => ({ ...one, weight: one.weight ?? weight })),
      policy.path,
    )
    return { observations, down: null, notes: [...notes, ...twice] }
  }
  return {
    observe: (...parameters) => observe(...parameters).catch(downUnless(parameters[3])),
    range: (from, to, _, weight, signal) => range(from, to, weight, signal).catch(downUnless(signal)),
  }
}

const newBytes = async (file: string, shown: string, tail: Tail, signal: AbortSignal) => {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => {
      const why = error.code === 'ENOENT' ? 'is not there' : `cannot be read (${error.code})`
      throw new Error(`metrics.file: ${shown} ${why}`)
    },
  )
  try {
    const stat = await handle.stat()
    const { size, ino: inode } = stat
    if (!stat.isFile()) throw new ConfigurationError(`metrics.file: ${shown} is no file`)
    const start = size < tail.offset || (tail.inode !== 0 && inode !== tail.inode) ? fromTheTop : tail
    if (size - start.offset > readLimit)
      throw new Error(`metrics.file: ${shown} holds more than ${readLimit / 1e6} MB that was not read yet`)
    const bytes = Buffer.alloc(size - start.offset)
    let done = 0
    while (done < bytes.length) {
      signal.throwIfAborted()
      const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start.offset + done)
      if (bytesRead === 0) break
      done += bytesRead
    }
    return { bytes: bytes.subarray(0, done), start, inode }
  } finally {
    await handle.close()
  }
}

const linesIn = (text: string): number => {
  let lines = text === '' || text.endsWith('\n') ? 0 : 1
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1
  return lines
}

/** Bytes up to the last line that is complete: ended, or whole JSON as it stands. */
const completeLength = (bytes: Buffer, shown: string): number => {
  const ended = bytes.lastIndexOf(newline) + 1
  if (bytes.length - ended > lineLimit)
    throw new Error(`metrics.file: the last line of ${shown} is longer than ${lineLimit / 1e6} MB`)
  const rest = bytes.subarray(ended).toString('utf8')
  try {
    return rest.trim() !== '' && typeof JSON.parse(rest) === 'object' ? bytes.length : ended
  } catch {
    return ended
  }
}
