import { z } from 'zod'
import { ConfigurationError } from '../../config/configuration-error.ts'
import type { MetricCheck } from '../../config/metrics-policy.ts'
import type { Arm } from './slices/arms.ts'

const text = z.string().min(1)
const dimensions = z.union([
  z.record(text, text),
  z
    .array(z.strictObject({ Name: text, Value: text }))
    .transform((all) => Object.fromEntries(all.map(({ Name, Value }) => [Name, Value]))),
])
const absent = z.literal(0).optional()
const stat = z.strictObject({
  Namespace: text,
  MetricName: text,
  Dimensions: dimensions.default({}),
  Stat: text.optional(),
  Unit: text.optional(),
  AccountId: text.optional(),
  absent,
})
const expression = z.strictObject({
  Expression: text,
  Label: text.optional(),
  AccountId: text.optional(),
  absent,
})
const query = z.union([stat, expression])
const perArm = z.strictObject({ canary: query, stable: query })

type Query = z.output<typeof query>
/** Of part edge: requests that took at most `edge` seconds. */
type Part = { part: 'total' | 'events' | 'value' | 'edge'; edge: number | null }

/** One entry of MetricDataQueries, and what its answer stands for. */
export type Asked = Part & {
  check: string
  arm: Arm
  /** The answer is a percentage of the total (PR), not a count. */
  percent: boolean
  absentIsZero: boolean
  request: Record<string, unknown>
}

type Versions = { version: string; previous: string | null }

/**
 * The queries of one check for both versions, with the identifiers of `ids`. A check's text is JSON: a MetricStat's members
 * (Namespace, MetricName, Dimensions, Stat, Unit) or an Expression, with {{version}}, {{arm}}, {{period}} and {{le}}; or
 * one of each version: {"canary": …, "stable": …}.
 *
 * @throws ConfigurationError naming the check, the key and the fix
 */
export const queriesOf = (check: MetricCheck, versions: Versions, period: number): Asked[] => {
  const parts: [Part, string, string][] =
    check.kind === 'latency'
      ? [
          [{ part: 'total', edge: null }, check.total ?? '', 'SampleCount'],
          ...(check.edges ?? []).map((edge): [Part, string, string] => [
            { part: 'edge', edge },
            check.histogram,
            'PR(:{{le}})',
          ]),
        ]
      : check.kind === 'value'
        ? [[{ part: 'value', edge: null }, check.value, 'Average']]
        : [
            [{ part: 'total', edge: null }, check.total, 'Sum'],
            [{ part: 'events', edge: null }, check.events, 'Sum'],
          ]
  return parts.flatMap(([part, written, stat]) => {
    const key = `metrics.checks "${check.name}": ${part.part === 'edge' ? 'histogram' : part.part}`
    const read = readQuery(key, written)
    return (['canary', 'stable'] as const).flatMap((arm): Asked[] => {
      const version = arm === 'canary' ? versions.version : versions.previous
      if (version === null) return []
      const one = read[arm]
      const places = { version, arm, period: String(period), le: edgeIn(one, part.edge) }
      const isStat = 'MetricName' in one
      const statistic = (isStat ? one.Stat : undefined) ?? stat
      const request = isStat ? statOf(one, period, statistic) : expressionOf(key, one, period, version)
      const percent = isStat && part.part === 'edge' && statistic.startsWith('PR(')
      return [
        {
          ...part,
          check: check.name,
          arm,
          percent,
          absentIsZero: one.absent === 0,
          request: filled(request, places),
        },
      ]
    })
  })
}

const readQuery = (key: string, written: string): Record<Arm, Query> => {
  let value: unknown
  try {
    value = JSON.parse(written)
  } catch {
    throw new ConfigurationError(
      `${key}: must be JSON, like {"Namespace":"Shop","MetricName":"Requests","Dimensions":{"Version":"{{version}}"}}`,
    )
  }
  const both = perArm.safeParse(value)
  if (both.success) return both.data
  const one = query.safeParse(value)
  if (!one.success) {
    const shape =
      'Namespace, MetricName, Dimensions, Stat, Unit; or Expression; or canary and stable with one of these'
    throw new ConfigurationError(`${key}: knows ${shape}`)
  }
  if (!/\{\{(version|arm)\}\}/.test(written))
    throw new ConfigurationError(
      `${key}: does not tell the versions apart; write {{version}} or {{arm}} into a dimension, or one query each: {"canary": …, "stable": …}`,
    )
  return { canary: one.data, stable: one.data }
}

const statOf = (
  { Namespace, MetricName, Dimensions, Unit, AccountId }: z.output<typeof stat>,
  period: number,
  statistic: string,
) => ({
  MetricStat: {
    Metric: {
      Namespace,
      MetricName,
      Dimensions: Object.entries(Dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Period: period,
    Stat: statistic,
    ...(Unit ? { Unit } : {}),
  },
  ...(AccountId ? { AccountId } : {}),
})

const expressionOf = (
  key: string,
  { Expression, Label, AccountId }: z.output<typeof expression>,
  period: number,
  version: string,
) => {
  // An expression is a language of its own: nothing goes into it that could end a word in it.
  if (!/^[0-9A-Za-z.+_-]+$/.test(version))
    throw new ConfigurationError(
      `${key}: the version ${JSON.stringify(version)} cannot stand in an expression`,
    )
  return { Expression, Period: period, ...(Label ? { Label } : {}), ...(AccountId ? { AccountId } : {}) }
}

/** Edges are seconds; a metric of another unit is asked in its own. */
const edgeIn = (one: Query, edge: number | null): string => {
  const unit = 'Unit' in one ? one.Unit : undefined
  const factor = unit === 'Milliseconds' ? 1e3 : unit === 'Microseconds' ? 1e6 : 1
  return edge === null ? '' : String(Number((edge * factor).toPrecision(12)))
}

/** Every string in it with its {{places}} filled; keys stay as they are. */
const filled = <T>(value: T, places: Record<string, string>): T => {
  const fill = (inner: unknown): unknown => {
    if (typeof inner === 'string')
      return inner.replace(/\{\{(\w+)\}\}/g, (all, name: string) => places[name] ?? all)
    if (Array.isArray(inner)) return inner.map(fill)
    if (inner === null || typeof inner !== 'object') return inner
    return Object.fromEntries(Object.entries(inner).map(([key, one]) => [key, fill(one)]))
  }
  return fill(value) as T
}
