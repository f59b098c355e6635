import { builtFrom, componentLayers, groupOf } from '@relman/core/component/component-order'
import { componentsTouched } from '@relman/core/component/components-touched'
import { decideComponents } from '@relman/core/component/decide-components'
import type { Config } from '@relman/core/config/config'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import type { Git, Tag } from '@relman/core/ports/git'
import type { GitHub } from '@relman/core/ports/github'
import type { CodeOwners } from '@relman/core/scope/code-owners'
import { familyOf, readReleaseTag } from '@relman/core/version/release-tag'
import { type Chosen, chooseVersion, type Refused } from './choose-version.ts'
import { findRange, type Range } from './find-range.ts'
import { prefixOfTool } from './given-version.ts'
import type { Inputs } from './inputs.ts'
import { pullsAsked, readScope, type Scope } from './read-scope.ts'
import { rememberHistory, rememberPulls } from './remember-history.ts'
import { shippedReverts } from './shipped-reverts.ts'

export type FoundComponent = {
  name: string
  layer: number
  range: Range
  scope: Scope
  chosen: Chosen | Refused
}

/** What finding releases of components needs. */
export type AskComponents = {
  input: Inputs
  git: Git
  github: GitHub | null
  policy: Config
  sha: string
  branch: string | null
  owners: CodeOwners | undefined
  blockedOf: (service: string) => Promise<ReadonlySet<string>>
}

/**
 * What is to be released of each component, in the order of release; of all of them, or with the input `component` of
 * that one (its group is read too, for the version that they share).
 */
export const findComponents = async (ask: AskComponents): Promise<FoundComponent[]> => {
  const { input, policy, sha } = ask
  const { components } = policy
  const git = rememberHistory(ask.git)
  const layers = componentLayers(components)
  const wanted = input.component === '' ? layers.flat() : [input.component]
  const asked = new Set(wanted.flatMap((name) => groupOf(components, name)))
  const read = await readComponents({ ...ask, git }, [...asked])
  const type = input.type === '' ? undefined : input.type
  const since = new Map(
    [...read].map(([name, { range, scope }]) => [
      name,
      { last: range.last, changes: scope.changes, announced: range.announced },
    ]),
  )
  const decided = decideComponents(
    components,
    since,
    policy.version,
    sha,
    input.component === '' ? undefined : type,
  )
  const forced =
    input.component === '' && type ? decideComponents(components, since, policy.version, sha, type) : decided
  const found: FoundComponent[] = []
  for (const name of wanted) {
    const { range, scope } = read.get(name) as Read
    // A type that is asked for at large counts up what needs a release, and makes nothing a release.
    const decision = decided.get(name)?.version === null ? decided.get(name) : forced.get(name)
    const group = groupOf(components, name)
    // The record is asked only about what is released: one request each.
    const recorded = policy.version.from === 'relman' && decision?.version === null ? [] : group
    const chosen = await chooseVersion({
      git,
      sha,
      range,
      changes: scope.changes,
      policy: versionPolicyOf(policy, input, range.last.prefix),
      type,
      blocked: new Set((await Promise.all(recorded.map(ask.blockedOf))).flatMap((each) => [...each])),
      branch: ask.branch,
      given: input.version,
      ...(decision ? { decision } : {}),
      families: group.map((other) => familyOf(read.get(other)?.range.last.prefix ?? '')),
      component: { name, path: [components[name]?.path ?? '.'].flat()[0] ?? '.' },
    })
    found.push({ name, layer: layers.findIndex((layer) => layer.includes(name)), range, scope, chosen })
  }
  return found
}

const versionPolicyOf = ({ version }: Config, { channel }: Inputs, prefix: string): Config['version'] => ({
  ...version,
  prefix,
  ...(channel === '' ? {} : { channel }),
})

type Read = { range: Range; scope: Scope }

const readComponents = async (ask: AskComponents, names: readonly string[]): Promise<Map<string, Read>> => {
  const { input, git, policy, sha } = ask
  const behind = await git.tagsBehind(sha)
  const touched = componentsTouched(policy.components, policy.version.shared)
  const ranges = new Map<string, { range: Range; only: Set<string> }>()
  for (const name of names) {
    const { tag, path = '.' } = policy.components[name] ?? {}
    const prefix =
      tag?.slice(0, -'{version}'.length) ??
      (await prefixOfTool(git, sha, policy.version.from, [path].flat()[0] ?? '.')) ??
      prefixOf(name, behind)
    const version = { ...policy.version, prefix }
    const given = input.version
    const range = await findRange({ git, sha, from: input.from, policy: version, service: name, given })
    ranges.set(name, { range, only: builtFrom(policy.components, name) })
  }
  const github = ask.github && rememberPulls(ask.github)
  const numbers = [...ranges.values()].flatMap(({ range, only }) =>
    pullsAsked(range.commits, { touched, only }),
  )
  if (github) await github.pulls([...new Set(numbers)])
  const read = new Map<string, Read>()
  for (const [name, { range, only }] of ranges) {
    const shipped = await shippedReverts(range.commits, git, sha)
    const view = { owners: ask.owners, touched, only, shipped }
    read.set(name, { range, scope: await readScope(range.commits, github, policy.risk.rules, view) })
  }
  return read
}

/** What stands before a component's version on its nearest tag, else `<name>-v`. */
const prefixOf = (name: string, behind: readonly Tag[]): string => {
  const own = behind
    .map(readReleaseTag)
    .find((each) => each !== null && each.family.replace(/[@/_-]+$/, '').toLowerCase() === name.toLowerCase())
  return own?.prefix ?? `${name}-v`
}

/** @throws ConfigurationError when the input names no component of the configuration */
export const checkComponent = ({ component: name, version }: Inputs, { components }: Config): void => {
  const known = Object.keys(components)
  if (name === '' && version !== '' && known.length > 0)
    throw new ConfigurationError(
      'input "version": name the component that it is the version of (input component)',
    )
  if (name === '' || known.includes(name)) return
  throw new ConfigurationError(
    known.length === 0
      ? `input "component": the configuration has no components; leave it empty, or add components`
      : `input "component": write one of ${known.join(', ')}, not "${name}"`,
  )
}
