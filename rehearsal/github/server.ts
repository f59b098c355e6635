/** Starts a GitHub on loopback: one repository, and others beside it at the same address. */

import { EventEmitter } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type Faults, type Injected, missing, openFaults } from './faults.ts'
import { timestamp } from './git/parse.ts'
import { openRepository } from './git/repository.ts'
import type { Github } from './github.ts'
import { openGraphql } from './graphql/execute.ts'
import { type Site, serve } from './http.ts'
import type { Hub, HubEvents } from './hub.ts'
import { openRest } from './rest.ts'
import { openActions } from './state/actions.ts'
import { openLimits } from './state/limits.ts'
import { openPulls } from './state/pulls.ts'
import {
  type Asset,
  type CheckRun,
  type Comment,
  type Deployment,
  type DeploymentState,
  emptyStore,
  type Issue,
  type Milestone,
  type Release,
  type Upload,
} from './state/store.ts'
import { openTokens } from './state/tokens.ts'

export type GithubOptions = {
  gitDir: string
  owner: string
  repo: string
  defaultBranch: string
  /** People who may read the repository. */
  users: string[]
  /** Of them, those who may push; all when absent. */
  writers?: string[]
  /** Repositories of the same GitHub: asked at this address, they answer, and tokens minted here hold for them. */
  beside?: readonly RehearsedGithub[]
  /** private unless said otherwise. */
  visibility?: 'private' | 'public'
  /** Receives one line for each request; never a token. */
  log?: (line: string) => void
  faults?: Faults
  now?: () => Date
  /**
   * What is wrong with a dispatch of this workflow file with these inputs, in GitHub's words ("Required input 'x' not
   * provided"): GitHub refuses it with 422 before a run exists. Whoever can parse workflows gives it.
   */
  dispatchFault?: (
    path: string,
    text: string,
    inputs: Record<string, string>,
  ) => string | undefined | Promise<string | undefined>
  /** Whether published releases are immutable: tag and target are locked, title and text are not. */
  immutableReleases?: boolean
  /** Requests an hour of all jobs together; GitHub's 1,000 unless said otherwise. */
  rateLimit?: number
}

export type RehearsedGithub = Hub & {
  /** How it answers when another one's address is asked. */
  site: Site
  /** Invalid requests, invalid replies of this GitHub, and its defects: a rehearsal with any has failed. */
  violations: string[]
  /** Faults injected so far. */
  injected: Injected[]
  /** Mutating routes in use that have not met a 5xx, a 429 and a lost reply yet. */
  missingFaults(): ReturnType<typeof missing>
  /** A check run of an app other than GitHub Actions; completed, green, unless said otherwise. */
  putCheckRun(headSha: string, check: { name: string } & Partial<Omit<CheckRun, 'id' | 'headSha'>>): CheckRun
  /** Adds or replaces an issue or pull request by its number. */
  issues: {
    put(issue: Omit<Issue, 'id'>): Issue
    all(): Promise<Issue[]>
    comments(number: number): Comment[]
  }
  /** Adds or replaces a milestone by its number. */
  putMilestone(milestone: Pick<Milestone, 'number' | 'title'> & Partial<Milestone>): Milestone
  releases(): Release[]
  /** A file of a published release, as if somebody had uploaded it. */
  putAsset(tag: string, asset: Pick<Asset, 'name' | 'digest'>): void
  /** An upload of a run, as actions/upload-artifact makes it. */
  putUpload(upload: Pick<Upload, 'runId' | 'name' | 'digest'> & { expired?: boolean; archive?: string }): void
  /** An attestation about a digest, as actions/attest makes it: the statement in its envelope. Nothing signs it here. */
  putAttestation(digest: string, statement: Record<string, unknown>): void
  deployments(): Deployment[]
  /** Every status of every deployment in the order it came; `at` in milliseconds, to the second as GitHub keeps it. */
  reported(): { at: number; deployment: number; state: DeploymentState; description: string }[]
}

export async function startGithub(options: GithubOptions): Promise<RehearsedGithub> {
  const { gitDir, owner, repo, defaultBranch, users } = options
  const now = options.now ?? (() => new Date())
  const store = emptyStore()
  const violations: string[] = []
  const events = new EventEmitter()
  const repository = openRepository(gitDir)
  const tokens = openTokens()
  const ledger = openFaults(options.faults)
  const address = { apiUrl: '', serverUrl: '', api: '', page: '' }
  const github: Github = Object.assign(address, {
    owner,
    repo,
    immutableReleases: options.immutableReleases === true,
    defaultBranch,
    visibility: options.visibility ?? 'private',
    users,
    writers: options.writers ?? users,
    repository,
    store,
    now: () => timestamp(now()),
    emit: <E extends keyof HubEvents>(event: E, value: HubEvents[E]) => void events.emit(event, value),
    createRun: (run: Parameters<Hub['createRun']>[0]) => actions.createRun(run),
    pulls: () => pulls(),
    dispatchFault: options.dispatchFault ?? (() => undefined),
  })
  const pulls = openPulls(github)
  const actions = openActions(github)
  const site: Site = {
    name: `${owner}/${repo}`,
    rest: openRest(github, violations),
    graphql: openGraphql(github, violations),
    faults: ledger,
    violations,
  }
  const server = serve({
    sites: [site, ...(options.beside ?? []).map((other) => other.site)],
    tokens,
    limits: openLimits(now, options.rateLimit),
    log: options.log ?? (() => {}),
    now,
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const page = `${apiUrl}/${owner}/${repo}`
  Object.assign(github, { apiUrl, serverUrl: apiUrl, api: `${apiUrl}/repos/${owner}/${repo}`, page })

  return {
    apiUrl,
    graphqlUrl: `${apiUrl}/graphql`,
    serverUrl: apiUrl,
    owner,
    repo,
    defaultBranch,
    gitDir,
    site,
    mintToken: (grant) =>
      tokens.mint(
        grant.kind === 'job' ? { ...grant, repositories: grant.repositories ?? [site.name] } : grant,
      ),
    revokeToken: tokens.revoke,
    ...actions,
    on: (event, listener) => void events.on(event, listener),
    secrets: {},
    variables: {},
    violations,
    injected: ledger.injected,
    missingFaults: () => missing(ledger.used, ledger.injected),
    putCheckRun: (headSha, check) => {
      const time = timestamp(now())
      const green = {
        status: 'completed',
        conclusion: 'success',
        startedAt: time,
        completedAt: time,
      } as const
      const added: CheckRun = { app: 'checks', ...green, ...check, headSha, id: store.nextId() }
      store.checkRuns.push(added)
      return added
    },
    issues: {
      put: (issue) => {
        const added = { ...issue, id: store.issues.get(issue.number)?.id ?? store.nextId() }
        store.issues.set(issue.number, added)
        return added
      },
      all: async () => {
        await pulls()
        return [...store.issues.values()]
      },
      comments: (number) => [...store.comments.values()].filter((comment) => comment.issue === number),
    },
    putMilestone: (milestone) => {
      const unset = { description: null, state: 'open', dueOn: null } as const
      const id = store.milestones.get(milestone.number)?.id ?? store.nextId()
      const added = { ...unset, createdAt: timestamp(now()), ...milestone, id }
      store.milestones.set(added.number, added)
      return added
    },
    putAsset: (tag, asset) => {
      const release = [...store.releases.values()].find((one) => one.tag === tag)
      if (!release) throw new Error(`there is no release ${tag}`)
      const about = { id: store.nextId(), release: release.id, size: 1, createdAt: timestamp(now()) }
      store.assets.push({ ...asset, ...about })
    },
    putUpload: (upload) => {
      const about = { id: store.nextId(), size: 1, createdAt: timestamp(now()), expiresAt: timestamp(now()) }
      store.uploads.push({ expired: false, ...upload, ...about })
    },
    putAttestation: (digest, statement) => {
      const payload = Buffer.from(JSON.stringify(statement)).toString('base64')
      const dsseEnvelope = { payload, payloadType: 'application/vnd.in-toto+json', signatures: [] }
      const mediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json'
      store.attestations.push({ digest, bundle: { mediaType, verificationMaterial: {}, dsseEnvelope } })
    },
    releases: () => [...store.releases.values()],
    deployments: () => [...store.deployments.values()],
    reported: () =>
      [...store.deployments.values()]
        .flatMap(({ id, statuses }) => statuses.map((status) => ({ ...status, deployment: id })))
        .sort((a, b) => a.id - b.id)
        .map(({ createdAt, deployment, state, description }) => {
          return { at: Date.parse(createdAt), deployment, state, description }
        }),
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await repository.close()
    },
  }
}
