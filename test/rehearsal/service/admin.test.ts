import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { startBench } from '../../../rehearsal/service/bench.ts'
import { runPart } from '../../../rehearsal/service/part.ts'
import { type Answer, alive, benches, eventually, type Service } from './bench-process.ts'

jest.setTimeout(30_000)
const { start, closeAll, entry, folder } = benches()
let service: Service
beforeAll(async () => {
  service = await start()
})
afterAll(closeAll)

test.each([
  ['PUT', '/weight', 'NaN', 400, 'The body is not a JSON object.'],
  ['PUT', '/weight', { weight: -1 }, 400, 'weight is -1; write a number from 0 to 100 (percent).'],
  ['PUT', '/weight', { weight: 100.1 }, 400, 'weight is 100.1; write a number from 0 to 100 (percent).'],
  ['PUT', '/weight', { weight: '5' }, 400, 'weight is "5"; write a number from 0 to 100 (percent).'],
  ['PUT', '/weight', {}, 400, 'weight is missing; write a number from 0 to 100 (percent).'],
  ['PUT', '/weight', { weight: 5 }, 409, 'There is no canary: deploy one before it gets traffic.'],
  ['POST', '/deploy', { version: '1 2' }, 400, 'version is "1 2"; write one such as "1.2.0".'],
  ['POST', '/deploy', { version: '1.1.0' }, 409, 'Version 1.1.0 is the stable one already.'],
  [
    'POST',
    '/deploy',
    { version: '1.2.0', digest: 5 },
    400,
    'digest is not a string; write one such as "sha256:…" or leave it out.',
  ],
  ['GET', '/truth?from=noon', undefined, 400, 'from is "noon"; write milliseconds since 1970.'],
  ['GET', '/nothing', undefined, 404, 'There is no GET /nothing.'],
])('%s %s %j is %d', async (method, path, body, status, error) => {
  expect(await service.admin(method, path, body)).toEqual({ status, body: { error } })
  expect((await service.admin('GET', '/weight')).body).toEqual({ weight: 0 })
})

test('an unknown fault is refused with the names of the known ones', async () => {
  const { status, body } = await service.admin('PUT', '/fault', { name: 'gremlins' })
  expect(status).toBe(400)
  expect(body.error).toMatch(/^"gremlins" is not a fault; write none or one of errors, slow-tail, crash/)
})

test('deploy and retire can be repeated, and the canary must not stop under traffic', async () => {
  const { admin } = service
  const deploy = { version: '1.2.0', digest: 'sha256:aa' }
  const [first, second] = await Promise.all([
    admin('POST', '/deploy', deploy),
    admin('POST', '/deploy', deploy),
  ])
  expect([first.body.changed, second.body.changed]).toEqual([true, false])
  const { canary } = (await admin('GET', '/status')).body
  expect(canary).toMatchObject({ version: '1.2.0', digest: 'sha256:aa', alive: true })

  await admin('PUT', '/weight', { weight: 1 })
  expect((await admin('POST', '/retire')).status).toBe(409)
  expect((await admin('POST', '/deploy', { version: '1.3.0' })).status).toBe(409)
  await admin('PUT', '/weight', { weight: 0 })
  expect((await admin('POST', '/retire')).body).toEqual({ changed: true })
  expect(alive(canary.pid)).toBe(false)
  expect((await admin('POST', '/retire')).body).toEqual({ changed: false })
  expect((await admin('GET', '/status')).body.canary).toBe(null)
})

test('the data port speaks HTTP/1.1: HEAD, a body, chunks, a path that is not there, keep-alive', async () => {
  const { dataUrl } = service.bench
  const head = await fetch(`${dataUrl}/checkout`, { method: 'HEAD' })
  expect([head.status, head.headers.get('x-version'), await head.text()]).toEqual([200, '1.1.0', ''])
  const post = await fetch(`${dataUrl}/checkout`, { method: 'POST', body: '{"basket":[1]}' })
  expect(await post.json()).toMatchObject({ version: '1.1.0' })
  expect((await fetch(`${dataUrl}/elsewhere`)).status).toBe(404)
  expect((await fetch(`${dataUrl}/checkout`, { method: 'POST', body: 'x'.repeat(70_000) })).status).toBe(413)
  const chunked = request(`${dataUrl}/checkout`, { method: 'POST' })
  chunked.write('a')
  chunked.end('b')
  const [response] = (await once(chunked, 'response')) as Answer
  response.resume()
  expect(response.statusCode).toBe(200)
  expect(response.headers).not.toHaveProperty('x-fault')
})

test('a port in use is one clear sentence, and nothing stays behind', async () => {
  const taken = createServer()
  taken.listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  for (const name of ['data', 'admin', 'prometheus']) {
    const starting = start({ ports: { [name]: port }, rate: 50 })
    await expect(starting).rejects.toThrow(
      `Port ${port} (${name}) is in use on 127.0.0.1: stop what listens there or choose another.`,
    )
  }
  taken.close()
})

test('an output folder that cannot be made is one clear sentence', async () => {
  const file = join(folder, 'a-file')
  writeFileSync(file, '')
  const starting = startBench({ seed: 1, rate: 0, stable: '1.1.0', outDir: join(file, 'out'), entry })
  await expect(starting).rejects.toThrow('cannot be made (ENOTDIR): choose another folder.')
})

test('an unknown part is refused', async () => {
  await expect(runPart(['kitchen'])).rejects.toThrow(
    'There is no part kitchen; the parts are bench and version.',
  )
})

test('close ends every process, twice is fine, and so does the death of the parent', async () => {
  const own = await start({ rate: 50 })
  await own.admin('POST', '/deploy', { version: '1.2.0' })
  const status = (await own.admin('GET', '/status')).body
  await own.bench.close()
  await own.bench.close()
  expect([own.bench.pid, status.stable.pid, status.canary.pid].map(alive)).toEqual([false, false, false])

  const script = join(folder, 'will-be-killed.js')
  writeFileSync(
    script,
    `import { startBench } from './bench.js'
     const bench = await startBench(${JSON.stringify({ seed: 1, rate: 50, stable: '1.1.0', outDir: join(folder, 'orphan'), entry })})
     await fetch(bench.adminUrl + '/deploy', { method: 'POST', body: '{"version":"1.2.0"}' })
     const status = await (await fetch(bench.adminUrl + '/status')).json()
     console.log(JSON.stringify([bench.pid, status.stable.pid, status.canary.pid]))
     setInterval(() => {}, 1000)\n`,
  )
  const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  const pids = JSON.parse(line.toString()) as number[]
  expect(pids.map(alive)).toEqual([true, true, true])
  parent.kill('SIGKILL')
  await eventually(() => !pids.some(alive), 5)
})
