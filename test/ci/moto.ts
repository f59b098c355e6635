/** A CloudWatch of moto on loopback, and the real `aws` of the same folder. */

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { eventually } from '../rehearsal/service/bench-process.ts'

// moto knows no percentile ranks: the share of values up to a limit, in percent, is added as AWS documents it.
const program = `
import re, sys
from moto.cloudwatch import models
plain = models.Statistics.get_statistics_for_type
def statistic(self, stat):
    rank = re.fullmatch(r"PR\\(:([0-9.]+)\\)", stat)
    if not rank:
        return plain(self, stat)
    values = self.metric_single_values_list
    return 100 * sum(v <= float(rank[1]) for v in values) / len(values) if values else None
models.Statistics.get_statistics_for_type = statistic
from moto.server import main
main(["-H", "127.0.0.1", "-p", sys.argv[1]])
`

export type Datum = {
  MetricName: string
  Dimensions: { Name: string; Value: string }[]
  Timestamp: string
  Values: number[]
  Counts: number[]
  Unit?: string
}

export const openMoto = async (folder: string) => {
  const port = await freePort()
  const server = spawn(join(folder, 'bin/python'), ['-c', program, String(port)], { stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}`
  const env = {
    PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  }
  await eventually(
    () =>
      fetch(`${url}/moto-api/`).then(
        ({ ok }) => ok,
        () => false,
      ),
    40,
  )
  return {
    env,
    /** The real `aws`; its JSON. */
    aws: (...words: string[]): unknown => {
      const text = execFileSync('aws', [...words, '--region', 'eu-central-1', '--output', 'json'], {
        env: { ...process.env, ...env },
        encoding: 'utf8',
      })
      return text.trim() === '' ? null : JSON.parse(text)
    },
    close: async () => {
      server.kill()
      if (server.exitCode === null) await once(server, 'exit')
    },
  }
}

/** The members of a shape of CloudWatch's published model (botocore's service-2.json), or the words of an enumeration. */
export const shapeOf = (folder: string, name: string): string[] => {
  const python = readdirSync(join(folder, 'lib')).find((name) => name.startsWith('python3')) ?? ''
  const file = join('lib', python, 'site-packages/botocore/data/cloudwatch/2010-08-01/service-2.json.gz')
  const { shapes } = JSON.parse(gunzipSync(readFileSync(join(folder, file))).toString('utf8')) as {
    shapes: Record<string, { members?: object; enum?: string[] }>
  }
  return shapes[name]?.enum ?? Object.keys(shapes[name]?.members ?? {})
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
