import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { type Answer, json } from '../../traffic/server.ts'
import { counted, seriesOf, slices, type World } from './world.ts'

const description = JSON.parse(readFileSync(join(import.meta.dirname, 'datadog-timeseries.json'), 'utf8'))
// A request may hold nothing that the description does not name.
for (const name of [
  'TimeseriesFormulaQueryRequest',
  'TimeseriesFormulaRequest',
  'TimeseriesFormulaRequestAttributes',
  'MetricsTimeseriesQuery',
  'QueryFormula',
])
  description.components.schemas[name].additionalProperties = false
const ajv = new Ajv({ strict: false, formats: { int32: true, int64: true, double: true } })
ajv.addSchema(description, 'datadog')
const schemaOf = (name: string) => {
  const found = ajv.getSchema(`datadog#/components/schemas/${name}`)
  if (!found) throw new Error(`no schema ${name}`)
  return found
}
const isRequest = schemaOf('TimeseriesFormulaQueryRequest')
const isReply = schemaOf('TimeseriesFormulaQueryResponse')
const isError = schemaOf('APIErrorResponse')

/** What of the traffic did not fit Datadog's own description. */
export const violations: string[] = []

type Body = {
  data: { attributes: { from: number; to: number; interval: number; queries: { query: string }[] } }
}
const query =
  /^(sum|count|avg|count\(v: v<=([\d.]+)\)):shop\.(\w+)\{[^}]*\} by \{version,pod_name\}(\.as_count\(\))?$/

/** POST /api/v2/query/timeseries of Datadog's API over a world, held against its published description both ways. */
export const datadog =
  (world: World): Answer =>
  (request, response, text) => {
    const fail = (status: number, ...errors: string[]) => {
      if (!isError({ errors })) violations.push(ajv.errorsText(isError.errors))
      json(response, { errors }, status)
    }
    if (request.method !== 'POST' || request.url !== '/api/v2/query/timeseries') return fail(404, 'Not found')
    if (request.headers['dd-api-key'] !== 'key-a' || request.headers['dd-application-key'] !== 'key-b')
      return fail(403, 'Forbidden')
    const body = JSON.parse(text) as Body
    if (!isRequest(body)) {
      violations.push(ajv.errorsText(isRequest.errors))
      return fail(400, 'API input validation failed')
    }
    const { from, to, interval, queries } = body.data.attributes
    const step = interval / 1000
    const starts = slices(from / 1000, to / 1000 - 1, step)
    const found: { group_tags: string[]; query_index: number; unit: null }[] = []
    const values: (number | string | null)[][] = []
    for (const [index, { query: one }] of queries.entries()) {
      const [, aggregate = '', edge, metric = ''] = query.exec(one) ?? []
      if (!metric) return fail(400, `Error parsing query: unable to parse ${one}`)
      for (const [{ version, pod }, total] of seriesOf(world, edge ? `${metric}<=${edge}` : metric)) {
        const row = starts.map((at) =>
          aggregate === 'avg' ? (total(at + step) ?? null) : (counted(total, at, at + step) ?? null),
        )
        // A group that never had a value in the asked time is left out.
        if (row.every((value) => value === null)) continue
        const tags = [`pod_name:${pod}`, ...(version === '-' ? [] : [`version:${version}`])]
        found.push({ group_tags: tags, query_index: index, unit: null })
        values.push(row)
      }
    }
    const attributes = { series: found, times: starts.map((at) => at * 1000), values }
    const reply = { data: { id: '0', type: 'timeseries_response', attributes } }
    const odd = values.flat().some((value) => typeof value === 'string')
    if (!odd && !isReply(reply)) violations.push(ajv.errorsText(isReply.errors))
    response.setHeader('content-type', 'application/vnd.api+json')
    response.end(JSON.stringify(reply))
  }
