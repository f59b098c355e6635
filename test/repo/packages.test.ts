import { expect, test } from '@jest/globals'
import { read } from './tree.ts'

type Package = {
  name?: string
  version?: string
  resolved?: string
  link?: boolean
  engines?: Record<string, string>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  overrides?: Record<string, string>
}

const manifest = (path: string): Package => JSON.parse(read(path))
const lock: Record<string, Package> = JSON.parse(read('package-lock.json')).packages

/** A package more is a decision: add it here, with what it is for, in the commit that brings it. */
const allowed: Record<string, Record<string, string>> = {
  'shared/package.json': {
    '@actions/core': 'inputs, outputs, masking, summaries',
    '@actions/exec': 'git, kubectl and other programs of the runner',
    '@actions/github': 'the API of GitHub',
    'ical.js': 'calendars of freezes and absences',
    ignore: 'patterns of CODEOWNERS and scopes',
    'markdown-table': 'tables in notes and summaries',
    marked: 'reading Markdown of pull requests',
    semver: 'versions',
    'temporal-polyfill': 'time zones and calendars',
    yaml: 'configuration with line and column',
    zod: 'schemas',
  },
  'package.json': {
    '@actions/expressions': "rehearsal: GitHub's own expressions",
    '@actions/languageservice': "GitHub's own judgement of workflows",
    '@actions/workflow-parser': "rehearsal: GitHub's own workflow parser",
    '@biomejs/biome': 'format and lint',
    '@jest/globals': 'tests',
    '@octokit/graphql-schema': "rehearsal: GitHub's GraphQL schema",
    '@swc/core': 'minifies bundles, reads sources in tests',
    '@swc/jest': 'TypeScript in tests',
    '@types/node': 'types',
    '@types/semver': 'types',
    '@vercel/ncc': 'bundles',
    ajv: 'rehearsal: validates requests and replies',
    'fast-check': 'properties',
    graphql: 'rehearsal: executes queries against the schema',
    jest: 'tests',
    'jest-junit': 'test report',
    'libpg-query': "PostgreSQL's own parser, in the bundle dist/sql",
    node: 'the very Node that runs actions',
    typescript: 'types and JavaScript',
  },
  'shims/http-client/package.json': {},
}

test.each(Object.keys(allowed))('%s has the packages that were decided on, at exact versions', (path) => {
  const { dependencies = {}, devDependencies = {} } = manifest(path)
  const all = { ...dependencies, ...devDependencies }
  expect(Object.keys(all).sort()).toEqual(Object.keys(allowed[path] ?? {}).sort())
  expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
})

test('packages of the product are in the core, tools in the root', () => {
  expect(manifest('package.json').dependencies).toBeUndefined()
  expect(manifest('shared/package.json').devDependencies).toBeUndefined()
})

test('the lock file names no address, so it installs from any registry', () => {
  const addressed = Object.entries(lock).filter(([, { resolved, link }]) => resolved !== undefined && !link)
  expect(addressed.map(([path]) => path)).toEqual([])
  expect(read('.npmrc')).toMatch(/^omit-lockfile-registry-resolved=true$/m)
})

test('the lock file has every platform: npm ci stops anywhere when one is missing', () => {
  const missing = Object.entries(lock).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !lock[`${path}/node_modules/${name}`] && !lock[`node_modules/${name}`])
      .map((name) => `${path} wants ${name}`),
  )
  expect(missing).toEqual([])
  for (const platform of ['darwin-arm64', 'linux-x64-gnu', 'win32-x64-msvc']) {
    expect(lock).toHaveProperty([`node_modules/@swc/core-${platform}`])
  }
})

test('the lock file agrees with the manifests', () => {
  for (const path of Object.keys(allowed)) {
    const { dependencies, devDependencies } = manifest(path)
    const locked = lock[path.replace(/\/?package\.json$/, '')]
    expect({ path, dependencies: locked?.dependencies, devDependencies: locked?.devDependencies }).toEqual({
      path,
      dependencies,
      devDependencies,
    })
  }
})

test('core gets the stand-in for its HTTP client, github its own', () => {
  expect(lock['node_modules/@actions/http-client']).toMatchObject({
    link: true,
    resolved: 'shims/http-client',
  })
  expect(lock['node_modules/@actions/core/node_modules/@actions/http-client']).toBeUndefined()
  expect(lock['node_modules/@actions/github/node_modules/@actions/http-client']?.version).toMatch(/^3\./)
})

test('one version of Node 24 is named everywhere', () => {
  const { devDependencies = {}, engines = {} } = manifest('package.json')
  expect(read('.node-version').trim()).toBe(devDependencies['node'])
  expect(devDependencies['node']).toMatch(/^24\./)
  expect(engines['node']).toBe('>=20')
})
