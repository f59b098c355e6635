import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openArtifacts } from '@relman/core/adapters/artifact/open-artifacts'
import { runProcess } from '@relman/core/adapters/process/run-process'
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
  expect(signature.how).toBe('a referrer in the registry; not verified')
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
    'the tag .sig of cosign; not verified',
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
  symlinkSync(join(folder, '..'), join(folder, 'up'))
  expect((await look({ reference: 'file:up/x' })).state).toBe('gone')
  symlinkSync('/etc/hostname', join(folder, 'out'))
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
    const { signature, digest } = await attested(bin, { key: 'cosign.pub' })
    expect(signature).toEqual({ state: 'verified', how: 'by cosign verify' })
    expect(readFileSync(join(bin, 'asked'), 'utf8')).toBe(
      `verify --output json --key cosign.pub ${registry.host}/acme/shop@${digest}\n`,
    )
  })
})
