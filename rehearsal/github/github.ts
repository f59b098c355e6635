/** What every route works with, and the shape of a route. */

import type { Repository } from './git/repository.ts'
import type { Grant, Hub, HubEvents } from './hub.ts'
import type { Store } from './state/store.ts'

export type Github = {
  owner: string
  repo: string
  defaultBranch: string
  visibility: 'private' | 'public'
  immutableReleases: boolean
  /** People with read access; only they can review. */
  users: string[]
  /** Of them, those who may push. */
  writers: string[]
  /** `https://api.github.com/repos/{owner}/{repo}` and the repository's page. */
  api: string
  page: string
  apiUrl: string
  serverUrl: string
  repository: Repository
  store: Store
  /** Now, as GitHub writes it. */
  now(): string
  emit<E extends keyof HubEvents>(event: E, value: HubEvents[E]): void
  createRun: Hub['createRun']
  /** What is wrong with the inputs of a dispatch. */
  dispatchFault(
    path: string,
    text: string,
    inputs: Record<string, string>,
  ): string | undefined | Promise<string | undefined>
  /** Brings pull requests up to date with the default branch's history; before anything reads issues. */
  pulls(): Promise<void>
}

export type Call = {
  github: Github
  grant: Grant
  /** The account that this request's effects belong to. */
  actor: string
  params: Record<string, string>
  query: Record<string, string>
  body: Record<string, unknown>
  accept: string
}

export type Reply = { status: number; body?: unknown; headers?: Record<string, string>; raw?: Buffer }

/** `get /releases/{release_id}` to what answers it. */
export type Routes = Record<string, (call: Call) => Reply | Promise<Reply>>

export const ok = (body: unknown): Reply => ({ status: 200, body })
export const created = (body: unknown): Reply => ({ status: 201, body })
export const empty = (): Reply => ({ status: 204 })
