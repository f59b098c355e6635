/** One REST request, from its path to the reply. */

import { checkReply, checkRequest } from './contract.ts'
import type { Call, Github, Reply, Routes } from './github.ts'
import type { Grant } from './hub.ts'
import { notFound, Refusal } from './refusal.ts'
import { match } from './router.ts'
import { approvalRoutes } from './routes/approvals.ts'
import { artifactRoutes } from './routes/artifacts.ts'
import { checkRoutes } from './routes/checks.ts'
import { commitRoutes } from './routes/commits.ts'
import { contentRoutes } from './routes/contents.ts'
import { deploymentRoutes } from './routes/deployments.ts'
import { dispatchRoutes } from './routes/dispatches.ts'
import { environmentRoutes } from './routes/environments.ts'
import { gitObjectRoutes } from './routes/git-objects.ts'
import { commentRoutes } from './routes/issue-comments.ts'
import { issueRoutes } from './routes/issues.ts'
import { pullRoutes } from './routes/pulls.ts'
import { refRoutes } from './routes/refs.ts'
import { releaseRoutes } from './routes/releases.ts'
import { repositoryRoutes } from './routes/repository.ts'
import { runRoutes } from './routes/runs.ts'
import { tagRoutes } from './routes/tags.ts'
import type { Fault } from './schema/check.ts'
import type { Operation } from './schema/operations.ts'
import { account, allowed } from './state/tokens.ts'

export const routes: Routes = {
  ...repositoryRoutes,
  ...refRoutes,
  ...gitObjectRoutes,
  ...tagRoutes,
  ...commitRoutes,
  ...checkRoutes,
  ...contentRoutes,
  ...pullRoutes,
  ...environmentRoutes,
  ...runRoutes,
  ...approvalRoutes,
  ...artifactRoutes,
  ...dispatchRoutes,
  ...deploymentRoutes,
  ...releaseRoutes,
  ...issueRoutes,
  ...commentRoutes,
}

export type Request = {
  method: string
  path: string
  query: Record<string, string>
  body: unknown
  accept: string
}

/** A request that names a known operation and may be made; `perform` has the effect. */
export type Planned = { path: string; perform(): Promise<Reply> }

/** What GitHub puts in `x-accepted-github-permissions`. */
const accepted = ({ needs }: Operation): string =>
  needs.map(([scope, level]) => `${scope.replaceAll('-', '_')}=${level}`).join('; ')

/** GitHub's words for an invalid request: a list of fields, or "Invalid request." with sentences. */
function refusalOf(faults: Fault[]): Refusal {
  const sentences = faults.map(({ place, message }) => `${place} ${message}`)
  return new Refusal(422, `Invalid request.\n\n${sentences.join('\n')}`)
}

export function openRest(github: Github, violations: string[]) {
  let turn: Promise<unknown> = Promise.resolve()

  /** Effects happen one after the other: nothing can change between a route's check and its write. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work, work)
    turn = result.catch(() => {})
    return result
  }

  async function checked(key: string, call: Call): Promise<Reply> {
    const handler = routes[key]
    if (!handler) throw new Error(`no route for ${key}`)
    const reply = await handler(call)
    if (reply.raw) return reply
    const faults = checkReply(key, reply.status, reply.body)
    if (faults.length === 0) return reply
    for (const { place, message } of faults) violations.push(`reply ${key}: ${place} ${message}`)
    throw new Refusal(
      500,
      `This GitHub's own reply to ${key} is not valid: ${faults[0]?.place} ${faults[0]?.message}`,
    )
  }

  /** Throws a Refusal where there is no such thing, no permission, or the request is not valid. */
  return async function plan(request: Request, grant: Grant): Promise<Planned> {
    const prefix = `/repos/${github.owner}/${github.repo}`
    const own = request.path === prefix || request.path.startsWith(`${prefix}/`)
    const found = own ? match(request.method, request.path.slice(prefix.length)) : undefined
    if (!found) {
      violations.push(`request ${request.method} ${request.path}: not an operation that this GitHub knows`)
      throw notFound()
    }
    const { operation, key, params } = found
    const may =
      operation.needs.length === 0 || operation.needs.some(([scope, level]) => allowed(grant, scope, level))
    if (!may || (operation.users && grant.kind === 'job')) {
      const refusal = new Refusal(403, 'Resource not accessible by integration')
      throw Object.assign(refusal, { accepted: accepted(operation) })
    }
    const faults = checkRequest(key, params, request.query, request.body)
    if (faults.length > 0) {
      for (const { place, message } of faults) violations.push(`request ${key}: ${place} ${message}`)
      throw refusalOf(faults)
    }
    const call: Call = {
      github,
      grant,
      actor: account(grant),
      params: { ...params, $path: request.path },
      query: request.query,
      body: (request.body ?? {}) as Record<string, unknown>,
      accept: request.accept,
    }
    const work = (): Promise<Reply> => checked(key, call)
    return { path: operation.path, perform: () => (operation.method === 'get' ? work() : inTurn(work)) }
  }
}
