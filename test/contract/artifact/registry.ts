import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A registry of the OCI distribution specification 1.1 on loopback: manifests, blobs, tags, referrers, tokens. */
export type TestRegistry = {
  host: string
  /** Stores a manifest under its digest and, where given, a tag; gives the digest. */
  push(repository: string, manifest: object, tag?: string): string
  /** Stores an image with labels in its configuration. */
  image(
    repository: string,
    tag: string,
    options?: { revision?: string; annotations?: Record<string, string>; name?: string },
  ): string
  /** A manifest that refers to another one (`subject`). */
  refer(
    repository: string,
    subject: string,
    artifactType: string,
    annotations?: Record<string, string>,
  ): string
  remove(repository: string, digest: string): void
  /** Every request as `METHOD path authorization`. */
  requests: string[]
  /** How it behaves; set at any time. */
  behave: {
    auth?: 'token' | 'basic'
    referrers?: boolean
    down?: number
    lie?: boolean
    realm?: string
    blobsAt?: string
    /** Milliseconds until it answers, from the request after so many on. */
    slow?: number
    slowAfter?: number
  }
  close(): Promise<void>
}

const oci = 'application/vnd.oci.image.manifest.v1+json'
export const digestOf = (bytes: string | Buffer): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`
export const login = { user: 'robot', password: 'registry-secret' }

export const openRegistry = async (): Promise<TestRegistry> => {
  const manifests = new Map<string, string>()
  const blobs = new Map<string, string>()
  const tags = new Map<string, string>()
  const requests: string[] = []
  const behave: TestRegistry['behave'] = {}

  const answer = (request: IncomingMessage, response: ServerResponse): unknown => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    const authorization = request.headers.authorization ?? ''
    requests.push(`${request.method} ${url.pathname} ${authorization}`.trim())
    const say = (status: number, headers: Record<string, string> = {}, body = '') =>
      response.writeHead(status, headers).end(body)
    if (behave.down) return say(behave.down)
    if (url.pathname === '/token') {
      const known =
        authorization === `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`
      if (authorization !== '' && !known) return say(401)
      const token = `${known ? 'known' : 'anonymous'}.${url.searchParams.get('scope')}`
      return say(200, { 'content-type': 'application/json' }, JSON.stringify({ token }))
    }
    const [, repository = '', kind = '', reference = ''] =
      /^\/v2\/(.+)\/(manifests|blobs|referrers)\/([^/]+)$/.exec(url.pathname) ?? []
    if (
      behave.auth === 'token' &&
      authorization !==
        `Bearer ${behave.realm === 'private' ? 'known' : 'anonymous'}.repository:${repository}:pull` &&
      authorization !== `Bearer known.repository:${repository}:pull`
    )
      return say(401, {
        'www-authenticate': `Bearer realm="http://${host}/token",service="test",scope="repository:${repository}:pull"`,
      })
    if (behave.auth === 'basic' && !authorization.startsWith('Basic '))
      return say(401, { 'www-authenticate': 'Basic realm="test"' })
    const key = `${repository}@`
    if (kind === 'blobs') {
      const blob = blobs.get(key + reference)
      if (blob === undefined) return say(404)
      if (behave.blobsAt) return say(307, { location: `${behave.blobsAt}${url.pathname}` })
      return say(200, { 'content-type': 'application/octet-stream' }, blob)
    }
    if (kind === 'referrers') {
      if (behave.referrers === false) return say(404)
      const all = [...manifests].flatMap(([name, text]) => {
        const value = JSON.parse(text)
        if (!name.startsWith(key) || value.subject?.digest !== reference) return []
        const { artifactType, annotations } = value
        return [
          { mediaType: oci, digest: name.slice(key.length), size: text.length, artifactType, annotations },
        ]
      })
      const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: all }
      return say(200, { 'content-type': index.mediaType }, JSON.stringify(index))
    }
    const digest = reference.includes(':') ? reference : tags.get(`${repository}:${reference}`)
    const text = digest === undefined ? undefined : manifests.get(key + digest)
    if (kind !== 'manifests' || text === undefined || digest === undefined) return say(404)
    const type = JSON.parse(text).mediaType
    return say(200, { 'content-type': type, 'docker-content-digest': digest }, behave.lie ? `${text} ` : text)
  }

  const server = createServer((request, response) => {
    const { slow = 0, slowAfter = 0 } = behave
    if (slow > 0 && requests.length >= slowAfter) setTimeout(() => answer(request, response), slow).unref()
    else answer(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`

  const push: TestRegistry['push'] = (repository, manifest, tag) => {
    const text = JSON.stringify(manifest)
    const digest = digestOf(text)
    manifests.set(`${repository}@${digest}`, text)
    if (tag !== undefined) tags.set(`${repository}:${tag}`, digest)
    return digest
  }
  const blob = (repository: string, text: string) => {
    const digest = digestOf(text)
    blobs.set(`${repository}@${digest}`, text)
    return { digest, size: text.length }
  }
  return {
    host,
    push,
    image: (repository, tag, { revision, annotations, name = tag } = {}) => {
      const labels = revision ? { 'org.opencontainers.image.revision': revision } : {}
      const config = {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        ...blob(repository, JSON.stringify({ name, config: { Labels: labels } })),
      }
      return push(
        repository,
        { schemaVersion: 2, mediaType: oci, config, layers: [], ...(annotations ? { annotations } : {}) },
        tag,
      )
    },
    refer: (repository, subject, artifactType, annotations = {}) =>
      push(repository, {
        schemaVersion: 2,
        mediaType: oci,
        artifactType,
        config: { mediaType: 'application/vnd.oci.empty.v1+json', ...blob(repository, '{}') },
        layers: [],
        subject: { mediaType: oci, digest: subject, size: 1 },
        annotations,
      }),
    remove: (repository, digest) => void manifests.delete(`${repository}@${digest}`),
    requests,
    behave,
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}
