import { asked, called, type House, lacking, scopesOf, type Workflow } from './house.ts'

type Rule = (workflow: Workflow, house: House) => string[]

const emptyAtTheTop: Rule = ({ permissions }) =>
  typeof permissions === 'object' && permissions !== null && Object.keys(permissions).length === 0
    ? []
    : ['permissions at the top is not {}']

const grantedByJobs: Rule = ({ jobs }) =>
  Object.entries(jobs)
    .filter(([, { permissions }]) => typeof permissions !== 'object' || permissions === null)
    .map(([name]) => `${name}: no permissions of its own, as a map of scopes`)

/** A scope stands on its own line, so that its reason stands beside it. */
const reasonForEachScope: Rule = ({ text, jobs }) => {
  const scopes = Object.values(jobs).flatMap((job) => Object.keys(scopesOf(job)))
  const lines = text.split('\n').filter((line) => /^ {6}[a-z-]+: (read|write|none)\b/.test(line))
  const bare = lines.filter((line) => !/: (read|write) # \S.{9,}/.test(line))
  return [
    ...bare.map((line) => `no reason: ${line.trim()}`),
    ...(lines.length === scopes.length ? [] : ['a scope is not on a line of its own']),
  ]
}

const noMoreThanTheCallerGrants: Rule = ({ jobs }, house) =>
  Object.entries(jobs).flatMap(([name, job]) => {
    const inner = called(house, job.uses)
    if (!inner) return []
    return lacking(asked(house, inner), scopesOf(job)).map((scope) => `${name} does not grant ${scope}`)
  })

/** Code of the caller, or of the canary, must not be able to write the record. */
const deploymentCannotWriteTheRecord: Rule = ({ jobs }) =>
  Object.entries(jobs)
    .filter(([, { steps = [] }]) =>
      steps.some(({ uses = '', run }) => uses.startsWith('./') || uses === '$/actions/canary-step' || run),
    )
    .filter(([, job]) => scopesOf(job)['contents'] === 'write')
    .map(([name]) => `${name} runs the caller's deployment with contents: write`)

/** Where a step is given access to a registry, the token of the job is tried at ghcr.io, too. */
const readsImages: Rule = ({ jobs }) =>
  Object.entries(jobs)
    .filter(([, { steps = [] }]) => steps.some(({ env = {} }) => 'RELMAN_REGISTRY_TOKEN' in env))
    .filter(([, job]) => scopesOf(job)['packages'] === undefined)
    .map(([name]) => `${name} reads artifacts without packages: read`)

export const permissionRules = {
  'permissions are empty at the top': emptyAtTheTop,
  'each job says its permissions': grantedByJobs,
  'each scope has its reason beside it': reasonForEachScope,
  'a called workflow asks for no more than the calling job grants': noMoreThanTheCallerGrants,
  'the job that runs a deployment cannot write the record': deploymentCannotWriteTheRecord,
  'a job that reads artifacts may read images of ghcr.io': readsImages,
} satisfies Record<string, Rule>
