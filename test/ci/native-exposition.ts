/** Native histograms as a client shows them to Prometheus: delimited protobuf, since the text format has none. */

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Requests of one instance: their times in seconds. */
export type Instance = { labels: Record<string, string>; seconds: number[]; perOctave: 1 | 2 | 4 | 8 | 16 }

/** Serves the instances as one histogram of this name, however they grow. */
export const serveNative = async (name: string, instances: readonly Instance[]) => {
  const server = createServer((_, response) => {
    const family = Buffer.concat([
      bytes(1, Buffer.from(name)),
      varint(3, 4),
      ...instances.map((one) => bytes(4, metric(one))),
    ])
    response
      .writeHead(200, {
        'content-type':
          'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
      })
      .end(Buffer.concat([number(family.length), family]))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

// Fields of io.prometheus.client (metrics.proto): Metric label 1, histogram 7; Histogram sample_count 1, sample_sum 2,
// schema 5, zero_threshold 6, zero_count 7, positive_span 12 (offset 1, length 2), positive_delta 13.
const metric = ({ labels, seconds, perOctave }: Instance): Buffer => {
  const counts = new Map<number, number>()
  for (const one of seconds) {
    const index = Math.ceil(Math.log2(one) * perOctave)
    counts.set(index, (counts.get(index) ?? 0) + 1)
  }
  const used = [...counts].sort(([a], [b]) => a - b)
  const spans = used.map(([index], at) =>
    bytes(
      12,
      Buffer.concat([
        varint(1, zigzag(at === 0 ? index : index - (used[at - 1]?.[0] ?? 0) - 1)),
        varint(2, 1),
      ]),
    ),
  )
  const deltas = used.map(([, count], at) => varint(13, zigzag(count - (used[at - 1]?.[1] ?? 0))))
  const histogram = Buffer.concat([
    varint(1, seconds.length),
    double(
      2,
      seconds.reduce((sum, one) => sum + one, 0),
    ),
    varint(5, zigzag(Math.log2(perOctave))),
    double(6, 2 ** -128),
    varint(7, 0),
    ...spans,
    ...deltas,
  ])
  const pairs = Object.entries(labels).map(([key, value]) =>
    bytes(1, Buffer.concat([bytes(1, Buffer.from(key)), bytes(2, Buffer.from(value))])),
  )
  return Buffer.concat([...pairs, bytes(7, histogram)])
}

const number = (value: number): Buffer => {
  const out: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) out.push((rest % 128) + 128)
  return Buffer.from([...out, rest])
}
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value)
const varint = (field: number, value: number): Buffer => Buffer.concat([number(field * 8), number(value)])
const bytes = (field: number, value: Buffer): Buffer =>
  Buffer.concat([number(field * 8 + 2), number(value.length), value])
const double = (field: number, value: number): Buffer => {
  const eight = Buffer.alloc(8)
  eight.writeDoubleLE(value)
  return Buffer.concat([number(field * 8 + 1), eight])
}
