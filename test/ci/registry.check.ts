import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { type Clone, openClone } from '../acceptance/plan-release/clone.ts'

jest.setTimeout(60_000)

const tls = process.env['REGISTRY_TLS'] ?? ''
const folder = mkdtempSync(join(tmpdir(), 'relman-registry-'))
const password = 'registry-secret'
const authorization = `Basic ${Buffer.from(`robot:${password}`).toString('base64')}`
const login = { RELMAN_REGISTRY_USER: 'robot', RELMAN_REGISTRY_TOKEN: password }
let host = ''
let registry: ChildProcess
let clone: Clone

const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })

beforeAll(async () => {
  host = `localhost:${await freePort()}`
  writeFileSync(join(folder, 'users'), 'robot:$2b$05$oNnladEwC7Ql77ff8h/A4e09OoKnccLWr6Y6fb5ziILg2Yn99tfRW\n')
  const configuration = join(folder, 'registry.yml')
  const { port } = new URL(`https://${host}`)
  writeFileSync(
    configuration,
    JSON.stringify({
      version: 0.1,
      log: { level: 'error' },
      storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
      auth: { htpasswd: { realm: 'test', path: join(folder, 'users') } },
      http: {
        addr: `127.0.0.1:${port}`,
        secret: 'x',
        tls: { certificate: join(tls, 'certificate.pem'), key: join(tls, 'key.pem') },
      },
    }),
  )
  registry = spawn('docker-registry', ['serve', configuration], { stdio: 'ignore' })
  for (let left = 100; ; left -= 1) {
    const ready = await fetch(`https://${host}/v2/`).catch(() => null)
    if (ready?.status === 401) break
    if (left === 0) throw new Error('the registry did not start')
    await new Promise((done) => setTimeout(done, 100))
  }
  clone = openClone()
  clone.commit('feat: begin', {
    '.github/relman.yml': `artifact: ${host}/acme/shop\nartifacts: { registry: { allow: ['${host}'] } }\n`,
  })
  clone.tag('v1.0.0')
  clone.commit('feat: pay')
})
afterAll(async () => {
  clone.close()
  registry.kill()
  await new Promise((done) => registry.once('exit', done))
  rmSync(folder, { recursive: true, force: true })
})

const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`

const send = async (method: string, path: string, body: string | null, type: string): Promise<Response> => {
  const headers = { authorization, 'content-type': type }
  return fetch(new URL(path, `https://${host}`), { method, headers, ...(body === null ? {} : { body }) })
}

const blob = async (text: string): Promise<{ digest: string; size: number }> => {
  const begun = await send('POST', '/v2/acme/shop/blobs/uploads/', null, '')
  const place = new URL(begun.headers.get('location') ?? '', `https://${host}`)
  place.searchParams.set('digest', digestOf(text))
  const done = await send('PUT', place.href, text, 'application/octet-stream')
  expect(done.status).toBe(201)
  return { digest: digestOf(text), size: text.length }
}

/** Pushes an image as a client does; gives the digest that the registry says it has. */
const push = async (tag: string, labels: Record<string, string>): Promise<string> => {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  const config = await blob(
    JSON.stringify({ architecture: 'amd64', os: 'linux', config: { Labels: labels } }),
  )
  const type = { mediaType: 'application/vnd.oci.image.config.v1+json', ...config }
  const text = JSON.stringify({ schemaVersion: 2, mediaType, config: type, layers: [] })
  const { status, headers } = await send('PUT', `/v2/acme/shop/manifests/${tag}`, text, mediaType)
  expect(status).toBe(201)
  return headers.get('docker-content-digest') ?? ''
}

const env = () => ({ ...login, NODE_EXTRA_CA_CERTS: join(tls, 'certificate.pem') })

test('P23: the digest, the commit and the signature tag of an image in a real registry, over TLS and with a password', async () => {
  const sha = clone.git('rev-parse', 'HEAD')
  const digest = await push('1.1.0', { 'org.opencontainers.image.revision': sha })
  const back = await push('1.0.0', {})
  await push(`${digest.replace(':', '-')}.sig`, { of: digest })
  const { plan, status } = clone.plan({}, env())
  expect([status, plan.artifact.digest]).toEqual([0, digest])
  expect(plan.artifacts.items[0]).toMatchObject({
    commit: { sha },
    signature: {
      state: 'present',
      how: expect.stringMatching(/^the tag \.sig of cosign; not verified: artifacts\.signer names nobody/),
    },
    pointed: digest,
  })
  expect(plan.artifacts.previous).toMatchObject([{ digest: back, state: 'there' }])
})

test('P15, P25: what was deleted from a real registry is gone, and a wrong password is said', async () => {
  const digest = await push('1.0.0', { that: 'will go' })
  expect((await send('DELETE', `/v2/acme/shop/manifests/${digest}`, null, '')).status).toBe(202)
  const { plan, summary } = clone.plan({}, env())
  expect(plan.artifacts.previous).toMatchObject([{ state: 'gone' }])
  expect(summary).toMatch(/The gate will say no-go:[\s\S]*which a rollback returns to, is still there/)
  const refused = clone.plan({}, { ...env(), RELMAN_REGISTRY_TOKEN: 'wrong' })
  expect([refused.status, refused.plan.artifact.digest]).toEqual([0, null])
  expect(refused.plan.artifacts.items[0].why).toMatch(/refuses to be read \(HTTP 401\)/)
  expect(refused.summary + refused.log).not.toContain(password)
  // A certificate that nobody signed for is no registry.
  expect(clone.plan({}, login).plan.artifacts.items[0].why).toMatch(/self-signed certificate/)
})
