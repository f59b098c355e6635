/** The HTTP side: authentication, limits, faults, replies and the log. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type FaultKind, type FaultLedger, retryAfterSeconds } from './faults.ts'
import type { Reply } from './github.ts'
import type { Grant } from './hub.ts'
import { notFound, Refusal } from './refusal.ts'
import type { Planned, Request } from './rest.ts'
import type { Budget, Limits } from './state/limits.ts'
import { reaches, type Tokens } from './state/tokens.ts'

/** What answers for one repository. */
export type Site = {
  /** `owner/name` */
  name: string
  rest: (request: Request, grant: Grant) => Promise<Planned>
  graphql: (body: unknown, grant: Grant) => Promise<Planned>
  faults: FaultLedger
  violations: string[]
}

type Parts = {
  /** The first one answers for whatever names no other. */
  sites: readonly [Site, ...Site[]]
  tokens: Tokens
  limits: Limits
  /** One line: time, method, path, status, who, milliseconds. */
  log: (line: string) => void
  now: () => Date
}

const documentation = 'https://docs.github.com/rest'
const mostBody = 40 * 1024 * 1024

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request) {
      size += (chunk as Buffer).length
      chunks.push(chunk as Buffer)
      if (size > mostBody) break
    }
  } catch {
    throw new Refusal(400, 'The request was cut short') // its sender is gone: killed, or cancelled
  }
  if (size > mostBody) throw new Refusal(413, 'Payload too large')
  return Buffer.concat(chunks).toString()
}

function parse(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal(400, 'Problems parsing JSON')
  }
}

const budgetHeaders = (budget: Budget): Record<string, string> => ({
  'x-ratelimit-limit': String(budget.limit),
  'x-ratelimit-remaining': String(Math.max(budget.remaining, 0)),
  'x-ratelimit-used': String(budget.used),
  'x-ratelimit-reset': String(budget.reset),
  'x-ratelimit-resource': budget.resource,
})

/** What a client sees of an injected fault (docs.github.com, "Rate limits for the REST API"). */
function faultReply(kind: FaultKind): Reply {
  const headers = { 'retry-after': String(retryAfterSeconds) }
  if (kind === 'rate-limit') {
    const message = 'You have exceeded a rate limit. Please wait before you try again.'
    return { status: 429, headers, body: { message, documentation_url: documentation } }
  }
  if (kind === 'secondary-limit') {
    const message =
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
    const documentation_url = `${documentation}/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits`
    return { status: 403, headers, body: { message, documentation_url } }
  }
  if (kind === 'server-error') return { status: 503, body: { message: 'Service unavailable' } }
  const page =
    '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n'
  return { status: 502, headers: { 'content-type': 'text/html' }, raw: Buffer.from(page) }
}

function refused(refusal: Refusal & { accepted?: string }): Reply {
  const { status, message, errors } = refusal
  const body = {
    message,
    ...(errors ? { errors } : {}),
    documentation_url: documentation,
    status: String(status),
  }
  const headers = refusal.accepted ? { 'x-accepted-github-permissions': refusal.accepted } : {}
  return { status, body, headers }
}

function send(response: ServerResponse, reply: Reply, headers: Record<string, string>): void {
  const content =
    reply.raw ?? (reply.body === undefined ? undefined : Buffer.from(JSON.stringify(reply.body)))
  response.writeHead(reply.status, {
    ...(content
      ? { 'content-type': 'application/json; charset=utf-8', 'content-length': content.length }
      : {}),
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': '2022-11-28',
    ...headers,
    ...reply.headers,
  })
  response.end(content)
}

/** The repository that a path, or the variables of a GraphQL operation, name. */
function siteOf(sites: Parts['sites'], path: string, body: unknown): Site {
  const { variables } = (body ?? {}) as { variables?: Record<string, unknown> }
  const input = variables?.input as { branch?: { repositoryNameWithOwner?: string } } | undefined
  const named = input?.branch?.repositoryNameWithOwner ?? `${variables?.owner}/${variables?.name}`
  return (
    sites.find(
      ({ name }) => name === named || path === `/repos/${name}` || path.startsWith(`/repos/${name}/`),
    ) ?? sites[0]
  )
}

export function serve(parts: Parts): Server {
  const { sites, tokens, limits, log, now } = parts

  type Answer = { reply: Reply; headers: Record<string, string>; path: string; fault?: FaultKind | undefined }

  async function answer(request: IncomingMessage, url: URL, grant: Grant): Promise<Answer> {
    const method = request.method ?? 'GET'
    const graphql = url.pathname === '/graphql'
    // The tokens of all jobs of a repository share one budget; each person has their own.
    const budget = limits.spend(grant.kind === 'job' ? 'jobs' : grant.actor, graphql ? 'graphql' : 'core')
    const headers = budgetHeaders(budget)
    let path = url.pathname + url.search
    let site: Site = sites[0]
    try {
      const text = await read(request)
      const body = parse(text)
      site = siteOf(sites, url.pathname, graphql ? body : undefined)
      if (!reaches(grant, site.name)) throw notFound()
      const { faults } = site
      if (budget.remaining < 0) throw new Refusal(403, 'API rate limit exceeded for installation.')
      const version = request.headers['x-github-api-version']
      if (version !== undefined && version !== '2022-11-28')
        throw new Refusal(400, `Version ${version} is not supported`)
      const query = Object.fromEntries(url.searchParams)
      const accept = String(request.headers.accept ?? '')
      const planned = graphql
        ? await site.graphql(body, grant)
        : await site.rest({ method, path: url.pathname, query, body, accept }, grant)
      if (graphql) path = planned.path
      const fault = grant.kind === 'job' ? faults.draw(method, planned.path) : undefined
      if (fault && fault !== 'lost-reply') return { reply: faultReply(fault), headers, path, fault }
      if (!fault) return { reply: await planned.perform(), headers, path }
      try {
        await planned.perform()
      } catch (error) {
        site.faults.takeBack(method, planned.path)
        throw error
      }
      return { reply: faultReply(fault), headers, path, fault }
    } catch (error) {
      if (error instanceof Refusal) return { reply: refused(error), headers, path }
      const message = error instanceof Error ? error.message : String(error)
      site.violations.push(`defect ${method} ${path}: ${message}`)
      return { reply: { status: 500, body: { message } }, headers, path }
    }
  }

  return createServer((request, response) => {
    const begun = performance.now()
    const url = new URL(request.url ?? '/', 'http://localhost')
    const grant = tokens.grant(request.headers.authorization)
    const work = grant
      ? answer(request, url, grant)
      : Promise.resolve<Answer>({
          reply: refused(new Refusal(401, 'Bad credentials')),
          headers: {},
          path: url.pathname,
        })
    work
      .then(({ reply, headers, path, fault }) => {
        if (!grant) request.resume()
        const who = grant ? `${grant.actor}${grant.jobId === undefined ? '' : `/${grant.jobId}`}` : '-'
        const took = `${(performance.now() - begun).toFixed(1)}ms`
        const line = [
          now().toISOString(),
          request.method,
          path,
          reply.status,
          who,
          took,
          fault ? `fault=${fault}` : '',
        ]
        log(line.join(' ').trim())
        send(response, reply, headers)
      })
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
  })
}
