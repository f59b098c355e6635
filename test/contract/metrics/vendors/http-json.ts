import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Answer, json } from '../../traffic/server.ts'
import { counted, type Labels, seriesOf, slices, type World } from './world.ts'

/** Fewer than a vendor's own servers, these know the queries of the recipes only; anything else is refused. */
type Asked = { metric: string; from: number; to: number; step: number }
type Found = [Labels, { at: number; value: number | string | null }[]][]

const read = (world: World, { metric, from, to, step }: Asked): Found =>
  seriesOf(world, metric).map(([labels, total]) => [
    labels,
    slices(from, to - 1, step).map((at) => ({ at, value: counted(total, at, at + step) ?? null })),
  ])
const withData = (found: Found): Found =>
  found.filter(([, points]) => points.some(({ value }) => value !== null))
const parameters = (request: IncomingMessage) => new URL(request.url ?? '/', 'http://localhost')
const refuse = (response: ServerResponse, status: number, text: string) => {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(text)
}

/** https://docs.newrelic.com/docs/apis/nerdgraph/examples/nerdgraph-nrql-tutorial/ */
export const newRelic =
  (world: World): Answer =>
  (request, response, text) => {
    const error = (message: string, status = 200) => json(response, { errors: [{ message }] }, status)
    if (request.method !== 'POST' || request.url !== '/graphql') return refuse(response, 404, 'not found')
    if (request.headers['api-key'] !== 'nr-key') return error('The API key provided is invalid', 401)
    const { query, variables } = JSON.parse(text) as {
      query: string
      variables: { account: number; nrql: string }
    }
    if (!/nrql\(query: \$nrql/.test(query) || typeof variables.account !== 'number') return error('bad query')
    const nrql =
      /^SELECT (count\(\*\)|filter\(count\(\*\), WHERE error IS true\)) AS 'count' FROM Transaction WHERE appName = 'shop' FACET tags\.version, host SINCE (\d+) UNTIL (\d+) TIMESERIES (\d+) seconds LIMIT MAX$/
    const [, what, from, to, step] = nrql.exec(variables.nrql) ?? []
    if (!what)
      return error(
        `NRQL Syntax Error: Error at line 1 position 1, unexpected '${variables.nrql.slice(0, 20)}'`,
      )
    const asked = { from: Number(from), to: Number(to), step: Number(step) }
    if ((asked.to - asked.from) / asked.step > 366) return error('TIMESERIES buckets must be at most 366')
    const metric = what.startsWith('filter') ? 'errors' : 'requests'
    // Rows of a facet are there for each slice, with 0 where nothing was counted.
    const results = withData(read(world, { metric, ...asked })).flatMap(([{ version, pod }, points]) =>
      points.map(({ at, value }) => ({
        beginTimeSeconds: at,
        endTimeSeconds: at + asked.step,
        facet: [version === '-' ? null : version, pod],
        count: value ?? 0,
      })),
    )
    json(response, { data: { actor: { account: { nrql: { results } } } } })
  }

/** https://docs.influxdata.com/influxdb/v1/guides/query_data/ */
export const influx =
  (world: World): Answer =>
  (request, response) => {
    const url = parameters(request)
    if (url.pathname !== '/query') return refuse(response, 404, '404 page not found')
    if (request.headers.authorization !== 'Token influx-token')
      return json(response, { error: 'authorization failed' }, 401)
    if (url.searchParams.get('db') !== 'shop' || url.searchParams.get('epoch') !== 's')
      return json(response, { results: [{ statement_id: 0, error: 'database not found' }] })
    const influxQl =
      /^SELECT sum\("count"\) FROM "(\w+)" WHERE time >= (\d+)s AND time < (\d+)s GROUP BY time\((\d+)s\), "version", "pod" fill\(0\)$/
    const [, metric, from, to, step] = influxQl.exec(url.searchParams.get('q') ?? '') ?? []
    if (!metric) return json(response, { error: 'error parsing query: found FROM, expected identifier' }, 400)
    const asked = { metric, from: Number(from), to: Number(to), step: Number(step) }
    const series = withData(read(world, asked)).map(([{ version, pod }, points]) => ({
      name: metric,
      tags: { version: version === '-' ? '' : version, pod },
      columns: ['time', 'sum'],
      values: points.map(({ at, value }) => [at, value ?? 0]),
    }))
    json(response, { results: [{ statement_id: 0, ...(series.length > 0 ? { series } : {}) }] })
  }

/** https://graphite.readthedocs.io/en/latest/render_api.html; summarize leaves None where it has nothing. */
export const graphite =
  (world: World): Answer =>
  (request, response) => {
    const url = parameters(request)
    if (url.pathname !== '/render' || url.searchParams.get('format') !== 'json')
      return refuse(response, 404, 'not found')
    const target = /^summarize\(seriesByTag\('name=(\w+)', 'service=shop'\), '(\d+)s', 'sum'\)$/
    const [, metric, seconds] = target.exec(url.searchParams.get('target') ?? '') ?? []
    if (!metric) return refuse(response, 400, 'Invalid target')
    const step = Number(seconds)
    // A finder leaves out what stands at the very beginning of the asked time.
    const asked = {
      metric,
      from: Number(url.searchParams.get('from')) + 1,
      to: Number(url.searchParams.get('until')),
      step,
    }
    const found = read(world, asked).map(([{ version, pod }, points]) => ({
      target: `summarize(${metric};pod=${pod};service=shop;version=${version}, "${step}s", "sum")`,
      tags: { name: metric, service: 'shop', pod, ...(version === '-' ? {} : { version }) },
      datapoints: points.map(({ at, value }, index) => [
        index === 0 && typeof value === 'number' ? value / 2 : value,
        at,
      ]),
    }))
    json(response, found)
  }

/** https://grafana.com/docs/loki/latest/reference/loki-http-api/#query-logs-within-a-range-of-time */
export const loki =
  (world: World): Answer =>
  (request, response) => {
    const url = parameters(request)
    if (url.pathname !== '/loki/api/v1/query_range') return refuse(response, 404, '404 page not found')
    if (request.headers.authorization !== 'Bearer loki-token' || request.headers['x-scope-orgid'] !== 'shop')
      return refuse(response, 401, 'no org id')
    const logQl =
      /^sum by \(version, pod\) \(count_over_time\(\{app="shop"\} \| json( \| status >= 500)? \[(\d+)s\]\)\)$/
    const found = logQl.exec(url.searchParams.get('query') ?? '')
    if (!found)
      return refuse(response, 400, 'parse error at line 1, col 1: syntax error: unexpected IDENTIFIER')
    const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(url.searchParams.get(name)))
    const window = Number(found[2])
    const times: number[] = []
    for (let at = start ?? 0; at <= (end ?? 0); at += step ?? 60) times.push(at)
    const result = seriesOf(world, found[1] ? 'errors' : 'requests').flatMap(([{ version, pod }, total]) => {
      // Samples are text; a time without lines has none.
      const values = times.flatMap((at) => {
        const value = counted(total, at - window, at)
        return value === undefined || value === 0 ? [] : [[at, String(value)]]
      })
      return values.length > 0 ? [{ metric: { ...(version === '-' ? {} : { version }), pod }, values }] : []
    })
    json(response, { status: 'success', data: { resultType: 'matrix', result, stats: {} } })
  }
