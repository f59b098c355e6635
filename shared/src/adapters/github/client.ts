import type { getOctokit } from '@actions/github'
import type { Clock } from '../../ports/clock.ts'
import { GitHubError } from '../../ports/github-error.ts'
import type { RunContext } from '../../runtime/run-context.ts'
import { cappedFetch } from './capped-fetch.ts'
import { type Fault, readFault, readGraphqlErrors } from './fault.ts'

export type Octokit = ReturnType<typeof getOctokit>

export type ClientOptions = {
  context: Pick<RunContext, 'apiUrl' | 'graphqlUrl' | 'repository'>
  token: string
  dryRun: boolean
  clock: Clock
  signal?: AbortSignal | undefined
  /** How long one call may try; GitHub may ask to wait a minute. */
  budgetSeconds?: number | undefined
  /** How long one request may take. */
  requestSeconds?: number | undefined
}

/**
 * - `safe` only reads; `idempotent` may be sent again as it is
 * - `create` makes something new: after an answer that was lost, `probe` looks whether it exists before it is sent again
 * - `swap` is a compare-and-swap: after a lost answer only the caller can tell, so it is not sent again
 */
export type Nature = 'safe' | 'idempotent' | 'create' | 'swap'

export type Call<T> = {
  /** What is done, to follow "could not". */
  what: string
  /** The permission it takes, in the words of a workflow: `checks: read`. */
  needs: string
  nature: Nature
  /** How often it is sent at most where GitHub does not answer properly; as often as the budget allows when absent. */
  tries?: number
  send: (octokit: Octokit) => Promise<T>
  probe?: () => Promise<T | null>
}

export type Graphql = { query: string; variables: Record<string, unknown>; tolerate?: readonly string[] }

export type Client = {
  owner: string
  repo: string
  call<T>(call: Call<T>): Promise<T>
  graphql<T>(request: Omit<Call<T>, 'send'> & Graphql): Promise<T>
}

const replyLimit = 32 * 1024 * 1024
const longestPause = 20_000

/** One way to GitHub for every adapter: retries by nature of the call, obeys limits, explains refusals. */
export const openClient = (options: ClientOptions): Client => {
  const { context, clock, signal, dryRun } = options
  let opened: Promise<Octokit> | undefined
  const octokit = () => (opened ??= open(options))

  const call = async <T>(request: Call<T>): Promise<T> => {
    if (dryRun && request.nature !== 'safe') throw new Error(`a dry run tried to ${request.what}`)
    const client = await octokit()
    const end = clock.now() + (options.budgetSeconds ?? 300) * 1000
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await request.send(client)
      } catch (error) {
        if (signal?.aborted) throw signal.reason
        if (error instanceof GitHubError || error instanceof TypeError) throw error
        const fault = error instanceof GraphqlFault ? error.fault : readFault(error, clock.now())
        const pause = await pauseAfter(request, fault, attempt)
        if (fault.kind === 'transient' && attempt + 1 >= (request.tries ?? Number.POSITIVE_INFINITY))
          throw explain(request, fault, pause)
        if (clock.now() + pause > end) throw explain(request, fault, pause)
        await clock.sleep(pause, signal)
        const found = fault.kind === 'transient' ? await request.probe?.() : null
        if (found !== null && found !== undefined) return found
      }
    }
  }

  const graphql = async <T>({
    query,
    variables,
    tolerate = [],
    ...request
  }: Omit<Call<T>, 'send'> & Graphql): Promise<T> =>
    call({
      ...request,
      send: async (octokit) => {
        const { data } = await octokit.request(`POST ${context.graphqlUrl}`, { query, variables })
        const answer = data as { data?: T | null; errors?: { type?: string; message?: string }[] }
        const errors = (answer.errors ?? []).filter(({ type }) => !tolerate.includes(type ?? ''))
        if (errors.length > 0) throw new GraphqlFault(readGraphqlErrors(errors))
        if (!answer.data)
          throw new GraphqlFault({ kind: 'transient', message: 'an empty answer', status: 200 })
        return answer.data
      },
    })

  return { owner: context.repository.owner, repo: context.repository.name, call, graphql }
}

class GraphqlFault extends Error {
  readonly fault: Fault

  constructor(fault: Fault) {
    super(fault.message)
    this.fault = fault
  }
}

/** Milliseconds to wait before the next attempt; fails when there must be none. */
const pauseAfter = async (request: Call<unknown>, fault: Fault, attempt: number): Promise<number> => {
  if (fault.kind === 'refused') throw explain(request, fault, 0)
  // A limit means that nothing was done, so that even a compare-and-swap may be sent again.
  if (fault.kind === 'transient' && request.nature === 'swap') throw explain(request, fault, 0)
  if (fault.kind === 'limited') return (fault.seconds ?? 60 * 2 ** attempt) * 1000 + Math.random() * 250
  return Math.min(longestPause, 500 * 2 ** attempt) * (0.5 + Math.random() / 2)
}

const explain = ({ what, needs }: Call<unknown>, fault: Fault, pause: number): GitHubError => {
  const could = `could not ${what}`
  if (fault.kind === 'limited') {
    const text = `${could}: GitHub's rate limit is reached and asks to wait ${Math.ceil(pause / 1000)} s, longer than this job may wait; run it again later (${fault.message})`
    return new GitHubError('rate-limited', text, fault.status)
  }
  if (fault.kind === 'transient') {
    return new GitHubError(
      'github-unavailable',
      `${could}: GitHub did not answer properly (${fault.message})`,
      fault.status,
    )
  }
  const { status, types, message } = fault
  if (status === 401) {
    return new GitHubError(
      'permission-missing',
      `${could}: GitHub does not accept the token; it is wrong or has expired`,
      status,
    )
  }
  if (status === 403 || types.includes('FORBIDDEN') || types.includes('INSUFFICIENT_SCOPES')) {
    const text = `${could}: the token lacks the permission \`${needs}\`; add it to the job's permissions (${message})`
    return new GitHubError('permission-missing', text, status, types)
  }
  return new GitHubError(
    'github-refused',
    `${could}: GitHub refused (HTTP ${status}: ${message})`,
    status,
    types,
  )
}

/** @actions/github costs 70 ms to load (undici, proxies), so only what talks to GitHub pays for it. */
const open = async ({ context, token, signal, requestSeconds = 30 }: ClientOptions): Promise<Octokit> => {
  if (token === '')
    throw new GitHubError(
      'permission-missing',
      'the input "github-token" is empty; give it the token of the job, github.token',
    )
  const { getOctokit } = await import('@actions/github')
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const octokit = getOctokit(token, { baseUrl: context.apiUrl, log: silent, userAgent: 'relman' })
  octokit.hook.wrap('request', async (request, options) => {
    const limit = AbortSignal.timeout(requestSeconds * 1000)
    const fetch = (options.request?.fetch ?? globalThis.fetch) as typeof globalThis.fetch
    // In place: the hook of the token, which comes after this one, is given the same object and no other.
    options.request = {
      ...options.request,
      log: silent,
      fetch: cappedFetch(fetch, replyLimit),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    }
    const response = await request(options)
    // Octokit gives the bare text of what should have been JSON and is not.
    const raw = String(options.headers?.accept ?? '').includes('raw')
    if (typeof response.data === 'string' && response.status !== 204 && !raw)
      throw new Error('the answer is not JSON')
    return response
  })
  return octokit
}
