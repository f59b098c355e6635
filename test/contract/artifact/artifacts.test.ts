import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openArtifacts } from '@relman/core/adapters/artifact/open-artifacts'
import { withLogin } from '@relman/core/adapters/artifact/registry-login'
import { runProcess } from '@relman/core/adapters/process/run-process'
import type { Proof } from '@relman/core/artifact/artifact-facts'
import { readStatement } from '@relman/core/artifact/statement'
import { artifactsPolicy } from '@relman/core/config/artifact-policy'
import type { ArtifactAsk } from '@relman/core/ports/artifacts'
import type { GitHubArtifacts } from '@relman/core/ports/github-artifacts'
import { commandLine, provenance } from './attestation.ts'
import { digestOf, login, openRegistry, type TestRegistry } from './registry.ts'

let registry: TestRegistry
let folder: string
beforeEach(async () => {
  registry = await openRegistry()
  folder = mkdtempSync(join(tmpdir(), 'relman-artifacts-'))
})
afterEach(() => registry.close())

const sha = 'a'.repeat(40)
const nobody = 'not verified: artifacts.signer names nobody whose signature counts for cosign'
const look = (
  more: Partial<ArtifactAsk> & {
    policy?: Record<string, unknown>
    env?: Record<string, string>
    github?: GitHubArtifacts
  } = {},
) => {
  const { policy = {}, env = {}, github = null, ...ask } = more
  const { key, ...rest } = policy
  const source = openArtifacts({
    policy: artifactsPolicy.parse({
      registry: { plain: [registry.host], timeout: 2, ...rest },
      ...(key ? { signer: { key } } : {}),
    }),
    home: registry.host,
    env,
    folder,
    policyFile: async (path) => (path === 'keys/cosign.pub' ? 'the key of the policy' : null),
    repository: 'acme/shop',
    token: '',
    actor: 'ada',
    github,
    run: runProcess,
  })
  const named = { version: '1.2.0', tag: 'v1.2.0', sha }
  return source.look({ reference: `${registry.host}/acme/shop`, named, digest: null, proofs: true, ...ask })
}

test('P23: an image has the digest of its bytes, the commit of its label, and what lies beside it', async () => {
  const digest = registry.image('acme/shop', '1.2.0', { revision: sha })
  expect(await look()).toMatchObject({
    ...{ digest, pointed: digest, pointer: '1.2.0', from: 'the tag 1.2.0', state: 'there' },
    commit: { sha, told: 'the label org.opencontainers.image.revision' },
    sbom: { state: 'unknown', how: expect.stringContaining('no github-token') },
  })
  registry.refer('acme/shop', digest, 'application/spdx+json')
  registry.refer('acme/shop', digest, 'application/vnd.cncf.notary.signature')
  const { sbom, signature } = await look()
  expect([sbom.state, signature.state]).toEqual(['present', 'present'])
  expect(signature.how).toBe(`a referrer in the registry; ${nobody}`)
})

test('P23: an index tells its platforms apart from what BuildKit attests, and platforms must agree on the commit', async () => {
  const type = { mediaType: 'application/vnd.oci.image.manifest.v1+json' }
  const [amd, arm] = ['amd', 'arm'].map((name) => registry.image('acme/shop', name, { revision: sha }))
  const statement = {
    ...type,
    digest: digestOf('x'),
    annotations: { 'in-toto.io/predicate-type': 'https://spdx.dev/Document' },
  }
  const attestation = registry.push('acme/shop', { schemaVersion: 2, ...type, layers: [statement] })
  const marked = { 'vnd.docker.reference.type': 'attestation-manifest' }
  const index = (platforms: (string | undefined)[]) => ({
    ...{ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json' },
    manifests: [
      ...platforms.map((digest) => ({ ...type, digest, platform: { os: 'linux', architecture: 'x' } })),
      { ...type, digest: attestation, annotations: marked },
    ],
  })
  registry.push('acme/shop', index([amd, arm]), '1.2.0')
  const found = await look()
  expect([found.commit?.sha, found.sbom]).toEqual([
    sha,
    { state: 'present', how: 'the index, by BuildKit; not verified' },
  ])
  expect(found.signature.state).toBe('unknown')
  const other = registry.image('acme/shop', 'other', { revision: 'b'.repeat(40) })
  registry.push('acme/shop', index([amd, other]), '1.2.0')
  expect((await look()).commit).toBeNull()
})

test('P23: a registry without referrers is asked by the tag that stands for them, and by the tags of cosign', async () => {
  registry.behave.referrers = false
  const digest = registry.image('acme/shop', '1.2.0')
  const tag = digest.replace(':', '-')
  const bom = {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: digestOf('b'),
    artifactType: 'application/vnd.cyclonedx+json',
  }
  registry.push(
    'acme/shop',
    { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [bom] },
    tag,
  )
  registry.image('acme/shop', `${tag}.sig`)
  const { sbom, signature } = await look()
  expect([sbom.how, signature.how]).toEqual([
    'a referrer in the registry; not verified',
    `the tag .sig of cosign; ${nobody}`,
  ])
})

test('P23: a token is fetched for the one repository, with the password only where it belongs', async () => {
  registry.image('acme/shop', '1.2.0')
  registry.behave.auth = 'token'
  expect((await look({ env: { RELMAN_REGISTRY_TOKEN: login.password } })).state).toBe('there')
  // Plain http: the password stays here.
  expect(registry.requests.join('\n')).not.toMatch(/Basic|registry-secret/)
  registry.behave.auth = 'basic'
  const refused = await look({ env: { RELMAN_REGISTRY_TOKEN: login.password } })
  expect([refused.state, refused.why]).toEqual([
    'unread',
    expect.stringMatching(/refuses to be read \(HTTP 401\)/),
  ])
})

test.each([
  ['bytes that are not those of the digest', { lie: true }, /do not trust it/],
  ['an outage', { down: 503 }, /answered with HTTP 503/],
  ['a limit', { down: 429 }, /limits how often/],
  ['blobs that lie on a server without TLS', { blobsAt: 'http://127.0.0.2:9' }, /which is not https/],
] as const)('P23: %s is one sentence, and never a digest', async (_, behave, sentence) => {
  registry.image('acme/shop', '1.2.0', { revision: sha })
  Object.assign(registry.behave, behave)
  const { state, digest, why, signature } = await look()
  const said = state === 'there' ? signature.how : why
  expect([state === 'there' || digest === null, said]).toEqual([true, expect.stringMatching(sentence)])
})

test('P23: a private address that nobody allowed, a tag that is not there, a digest that is not there', async () => {
  expect((await look({ policy: { plain: [] } })).why).toMatch(
    /private address; list 127\.0\.0\.1:\d+ in artifacts\.registry\.allow/,
  )
  expect(await look()).toMatchObject({ state: 'gone', why: 'the registry has no tag 1.2.0 or v1.2.0' })
  const there = registry.image('acme/shop', 'v1.2.0')
  expect(await look({ digest: digestOf('else') })).toMatchObject({
    state: 'gone',
    digest: null,
    pointed: there,
  })
})

test('P23: a file of the checkout is hashed; a link out of it is not followed', async () => {
  writeFileSync(join(folder, 'shop-1.2.0.tgz'), 'bytes')
  expect(await look({ reference: 'file:shop-{{version}}.tgz' })).toMatchObject({
    digest: digestOf('bytes'),
    name: 'file:shop-1.2.0.tgz',
  })
  const beside = mkdtempSync(join(tmpdir(), 'relman-beside-'))
  writeFileSync(join(beside, 'secret'), 'bytes')
  symlinkSync(beside, join(folder, 'up'))
  expect(await look({ reference: 'file:up/secret' })).toMatchObject({
    ...{ state: 'unread', digest: null, why: 'up/secret leads out of the checkout' },
  })
  expect((await look({ reference: 'file:up/absent' })).state).toBe('gone')
  symlinkSync(join(beside, 'secret'), join(folder, 'out'))
  expect((await look({ reference: 'file:out' })).why).toBe('out leads out of the checkout')
  expect((await look({ reference: 'file:absent' })).state).toBe('gone')
})

describe('P23: who verified', () => {
  const path = process.env['PATH'] ?? ''
  afterEach(() => {
    process.env['PATH'] = path
  })
  const unverified = (why: string): string => `an attestation on GitHub; not verified: ${why}`
  const image = () => registry.image('acme/shop', '1.2.0')
  const attested = async (bin: string, policy: Record<string, unknown> = {}) => {
    const digest = registry.image('acme/shop', '1.2.0')
    process.env['PATH'] = `${bin}:/bin:/usr/bin`
    const statement = readStatement(JSON.stringify(provenance(digest, sha)))
    const github = {
      attestations: async () => (statement ? [statement] : []),
      asset: async () => null,
      upload: async () => null,
      archive: async () => new Uint8Array(),
    }
    return look({ policy, github })
  }
  test.each([
    [0, '["DIGEST"]', 'verified', 'by gh attestation verify'],
    [
      0,
      '["of something else"]',
      'present',
      unverified('gh attestation verify named nothing of this digest that it verified'),
    ],
    [4, '', 'present', unverified('gh attestation verify ended with status 4')],
    [0, '[]', 'present', unverified('gh attestation verify named nothing of this digest that it verified')],
    [1, '', 'refused', 'gh attestation verify ended with status 1'],
  ])('gh ends with %i and says %j: %s', async (status, output, state, how) => {
    const { signature, commit } = await attested(
      commandLine(folder, status, output.replace('DIGEST', image().slice(7))),
    )
    expect([signature, commit?.sha]).toEqual([{ state, how }, sha])
  })
  test('where gh is not installed, that is said, and nothing is verified', async () => {
    process.env['PATH'] = folder
    const { signature } = await attested(folder)
    expect(signature).toEqual({
      state: 'present',
      how: 'an attestation on GitHub; not verified: gh is not on this machine',
    })
  })
  test('cosign is asked with the signer of the policy, and only where it names one', async () => {
    registry.refer(
      'acme/shop',
      registry.image('acme/shop', '1.2.0'),
      'application/vnd.dev.cosign.artifact.sig.v1+json',
    )
    const bin = commandLine(folder, 0, `["${image()}"]`, 'cosign')
    // What the commit under judgement holds at the same path is nobody's key.
    mkdirSync(join(folder, 'keys'))
    writeFileSync(join(folder, 'keys', 'cosign.pub'), 'a key of the commit')
    const { signature, digest } = await attested(bin, { key: 'keys/cosign.pub' })
    expect(signature).toEqual({ state: 'verified', how: 'by cosign verify' })
    const [, path = '', asked = ''] =
      /--key (\S+) (.*)\n$/.exec(readFileSync(join(bin, 'asked'), 'utf8')) ?? []
    expect([asked, readFileSync(join(bin, 'key'), 'utf8'), existsSync(path)]).toEqual([
      `${registry.host}/acme/shop@${digest}`,
      'the key of the policy',
      false,
    ])
  })
  test.each([
    ['cosign.pub', 'there is no cosign.pub on the branch that policy is read from'],
    ['../cosign.pub', '../cosign.pub is not a path inside the repository'],
    ['/etc/cosign.pub', '/etc/cosign.pub is not a path inside the repository'],
  ])('a key that is not on the policy branch verifies nothing: %s', async (key, why) => {
    writeFileSync(join(folder, 'cosign.pub'), 'a key of the commit')
    registry.refer('acme/shop', image(), 'application/vnd.dev.cosign.artifact.sig.v1+json')
    const bin = commandLine(folder, 0, `["${image()}"]`, 'cosign')
    const { signature } = await attested(bin, { key })
    expect(signature.state).toBe('present')
    expect(signature.how).toContain(`not verified: artifacts.signer.key: ${why}`)
  })
  test("the address of a key is the policy's to give", async () => {
    registry.refer('acme/shop', image(), 'application/vnd.dev.cosign.artifact.sig.v1+json')
    const bin = commandLine(folder, 0, `["${image()}"]`, 'cosign')
    expect((await attested(bin, { key: 'awskms:///alias/build' })).signature.state).toBe('verified')
    expect(readFileSync(join(bin, 'asked'), 'utf8')).toContain('--key awskms:///alias/build ')
  })
})

describe('P23: a registry that is slow', () => {
  const patience = (each: number, all: number) =>
    openArtifacts({
      policy: artifactsPolicy.parse({
        registry: { plain: [registry.host] },
        patience: { each, all },
      }),
      ...{ home: registry.host, env: {}, folder, repository: 'acme/shop', token: '', actor: 'ada' },
      ...{ github: null, run: runProcess, policyFile: async () => null },
    })
  const named = { version: '1.2.0', tag: 'v1.2.0', sha }
  const ask = (name: string, proofs = false): ArtifactAsk => ({
    reference: `${registry.host}/acme/${name}`,
    ...{ named, digest: null, proofs },
  })

  test('takes no longer than the patience for one, and for all; what was not looked at is not known', async () => {
    registry.image('acme/shop', '1.2.0')
    registry.behave.slow = 5_000
    const source = patience(0.3, 0.5)
    const begun = Date.now()
    const found = [
      await source.look(ask('shop')),
      await source.look(ask('api')),
      await source.look(ask('web')),
    ]
    expect(Date.now() - begun).toBeLessThan(2_000)
    expect(found.map(({ state, digest, why }) => [state, digest, why])).toEqual([
      ['unread', null, 'not looked at: looking for it took longer than 0.3 s (artifacts.patience.each)'],
      [
        'unread',
        null,
        'not looked at: looking for artifacts took longer than 0.5 s (artifacts.patience.all)',
      ],
      [
        'unread',
        null,
        'not looked at: looking for artifacts took longer than 0.5 s (artifacts.patience.all)',
      ],
    ])
    // The last one was not even begun.
    expect(registry.requests.filter((line) => line.includes('/web/'))).toEqual([])
  })

  test('after the digest: that is known, and what lies beside it is not', async () => {
    const digest = registry.image('acme/shop', '1.2.0')
    registry.behave.slowAfter = 1
    registry.behave.slow = 5_000
    const { signature, ...found } = await patience(0.5, 5).look(ask('shop', true))
    expect([found.digest, found.state, signature]).toEqual([
      digest,
      'there',
      { state: 'unknown', how: expect.stringContaining('not looked at: looking for it took longer') },
    ])
  })
})

describe('P23: a package of npm', () => {
  const path = process.env['PATH'] ?? ''
  afterEach(() => {
    process.env['PATH'] = path
  })
  const bytes = 'the tarball'
  const sha512 = createHash('sha512').update(bytes)
  const integrity = `sha512-${sha512.copy().digest('base64')}`
  const digest = `sha512:${sha512.digest('hex')}`
  const statements = [
    { predicateType: 'https://slsa.dev/provenance/v1', bundle: { mediaType: 'sigstore', about: 'build' } },
    {
      predicateType: 'https://github.com/npm/attestation/tree/main/specs/publish/v0.1',
      bundle: { about: 'publish' },
    },
  ]

  /** A registry of npm on loopback with one version, and a gh that ends as told. */
  const lookAt = async (
    served: { bytes?: string; attested?: boolean },
    github: GitHubArtifacts,
    output: string,
  ) => {
    const server = createServer((request, response) => {
      if (request.url?.endsWith('.tgz')) return response.end(served.bytes ?? bytes)
      if (request.url?.startsWith('/attestations'))
        return response.end(JSON.stringify({ attestations: statements }))
      const attestations = served.attested ? { url: `${url}/attestations/shop@1.2.0` } : undefined
      return response.end(
        JSON.stringify({ dist: { integrity, tarball: `${url}/shop-1.2.0.tgz`, attestations } }),
      )
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const url = `http://${host}`
    const bin = commandLine(folder, 0, output)
    process.env['PATH'] = `${bin}:/bin:/usr/bin`
    try {
      const found = await look({ reference: 'npm:shop', github, policy: { npm: url, plain: [host] } })
      const asked = existsSync(join(bin, 'asked')) ? readFileSync(join(bin, 'asked'), 'utf8') : ''
      const [, file = ''] = /verify (\S+)/.exec(asked) ?? []
      return {
        found,
        asked: asked.replaceAll(join(file, '..'), 'TEMP'),
        left: file !== '' && existsSync(file),
      }
    } finally {
      await new Promise((done) => server.close(done))
    }
  }
  const knows = (known: string): GitHubArtifacts => ({
    attestations: async (asked) =>
      asked === known
        ? [{ predicate: 'https://slsa.dev/provenance/v1', subjects: [asked], commit: sha }]
        : [],
    asset: async () => null,
    upload: async () => null,
    archive: async () => new Uint8Array(),
  })

  test('is fetched and verified by the attestation that GitHub has of its bytes', async () => {
    const { found, asked, left } = await lookAt({}, knows(digestOf(bytes)), `["${digestOf(bytes).slice(7)}"]`)
    expect([found.digest, found.signature, found.commit?.sha, left]).toEqual([
      digest,
      { state: 'verified', how: 'by gh attestation verify' },
      sha,
      false,
    ])
    expect(asked).toBe('attestation verify TEMP/package.tgz --repo acme/shop --format json\n')
  })
  test('else by the provenance that its registry has, for the very bytes', async () => {
    const { found, asked } = await lookAt({ attested: true }, knows('none'), `["${digest.slice(7)}"]`)
    expect(found.signature).toEqual({ state: 'verified', how: 'by gh attestation verify' })
    expect(asked).toBe(
      'attestation verify TEMP/package.tgz --repo acme/shop --format json --bundle TEMP/provenance.jsonl --digest-alg sha512\n',
    )
  })
  test('is not verified where the registry serves other bytes, or gh names another digest', async () => {
    const other = await lookAt(
      { bytes: 'another tarball', attested: true },
      knows('none'),
      `["${digest.slice(7)}"]`,
    )
    expect([other.found.signature.state, other.asked]).toEqual(['present', ''])
    const named = await lookAt({ attested: true }, knows('none'), '["of something else"]')
    expect(named.found.signature).toEqual({
      state: 'present',
      how: 'the registry of npm; not verified: gh attestation verify named nothing of this digest that it verified',
    })
  })
})

test('P23: an image that is not public is verified with the user and password of this job, which are gone afterwards', async () => {
  const access = {
    policy: artifactsPolicy.parse({}),
    ...{ home: 'ghcr.io', env: {}, folder, repository: 'acme/shop', token: 'job-token', actor: 'ada' },
    ...{ github: null, run: runProcess, policyFile: async () => null },
  }
  const asked: string[] = []
  const verify = async (env: Record<string, string>): Promise<Proof> => {
    const file = join(env['DOCKER_CONFIG'] ?? folder, 'config.json')
    asked.push(existsSync(file) ? readFileSync(file, 'utf8') : 'as the machine is')
    if (env['DOCKER_CONFIG']) asked.push(env['DOCKER_CONFIG'])
    return env['DOCKER_CONFIG'] ? { state: 'verified', how: '' } : { state: 'refused', how: 'unauthorized' }
  }
  expect((await withLogin(access, 'ghcr.io', verify)).state).toBe('verified')
  const [first, login, place = ''] = asked
  const auth = Buffer.from('ada:job-token').toString('base64')
  expect([first, login, existsSync(place)]).toEqual([
    'as the machine is',
    JSON.stringify({ auths: { 'ghcr.io': { auth } } }),
    false,
  ])
  // Nobody else is given the token of the job.
  expect((await withLogin(access, 'registry.example', verify)).state).toBe('refused')
})

describe('P23: a file of a release', () => {
  const path = process.env['PATH'] ?? ''
  afterEach(() => {
    process.env['PATH'] = path
  })
  const [bytes, name] = ['the binary', 'shop[1].tgz']
  const digest = digestOf(bytes)
  const github: GitHubArtifacts = {
    attestations: async () => [
      { predicate: 'https://slsa.dev/provenance/v1', subjects: [digest], commit: sha },
    ],
    asset: async () => ({ digest }),
    upload: async () => null,
    archive: async () => new Uint8Array(),
  }
  /** A gh that serves these bytes as every file of a release, and says that it verified this. */
  const gh = (served: string, status = 0): string => {
    const bin = mkdtempSync(join(folder, 'bin-'))
    const script = `#!/bin/sh
echo "$@" >> "${bin}/asked"
if [ "$1" = release ]; then printf '%s' '${served}' > "$9/${name}"; exit ${status}; fi
[ -f "$3" ] || exit 1
printf '%s' '["${digest.slice(7)}"]'
`
    writeFileSync(join(bin, 'gh'), script, { mode: 0o755 })
    process.env['PATH'] = `${bin}:/bin:/usr/bin`
    return bin
  }
  const ask = () => look({ reference: `release:${name}`, github })

  test('is fetched and verified, and the copy is gone', async () => {
    const bin = gh(bytes)
    const { signature, state } = await ask()
    expect([state, signature]).toEqual(['there', { state: 'verified', how: 'by gh attestation verify' }])
    const [fetch = '', verify = ''] = readFileSync(join(bin, 'asked'), 'utf8').split('\n')
    const [, folderOf = ''] = /--dir (\S+)$/.exec(fetch) ?? []
    expect(fetch).toContain('release download v1.2.0 --repo acme/shop --pattern shop\\[1\\].tgz --dir ')
    expect([
      verify.startsWith(`attestation verify ${folderOf}/${name} --repo acme/shop`),
      existsSync(folderOf),
    ]).toEqual([true, false])
  })
  test.each([
    ['other bytes', 0, /gh release download gave sha256:/],
    [bytes, 1, /gh release download ended with status 1/],
  ])('is not verified where gh gives %j and ends with %i', async (served, status, why) => {
    gh(served, status)
    const { signature } = await ask()
    expect([signature.state, signature.how]).toEqual(['present', expect.stringMatching(why)])
  })
})
