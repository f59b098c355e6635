import { RecordError } from './record-error.ts'
import type { Lease, Service } from './service.ts'

/** What a holder asks for; it is held for `seconds`. */
export type LeaseRequest = Omit<Lease, 'token' | 'takenAt' | 'expiresAt' | 'deployment'> & {
  seconds: number
  /** Token of a lease that may be taken over, because its run is known to be over and it never started anything. */
  over?: number
}

/** A change of what is true of a service. Doing it twice is doing it once. */
export type ServiceChange = {
  take?: LeaseRequest
  deployment?: number
  release?: { token: number }
  live?: { version: string; sha: string; digest: string }
  block?: { version: string; reason: string }
}

/** A service of which nothing is known yet. */
export const newService = (name: string): Service => ({
  schema: 1,
  service: name,
  fence: 0,
  lease: null,
  live: null,
  previous: null,
  blocked: [],
})

/** The service after a change; `now` is in milliseconds since 1970. Refuses a lease that another holds, and old tokens. */
export const applyServiceChange = (service: Service, change: ServiceChange, now: number): Service => {
  let changed = service
  if (change.take) changed = take(changed, change.take, now)
  if (change.deployment !== undefined) changed = attach(changed, change.deployment)
  if (change.live) changed = goLive(changed, change.live, now)
  if (change.block) changed = block(changed, change.block, now)
  if (change.release) changed = giveBack(changed, change.release.token)
  return changed
}

/** Refuses a token that is not the newest: whoever holds it was overtaken. */
export const checkToken = (service: Service, token: number): void => {
  if (token === service.fence) return
  throw new RecordError(
    'stale-token',
    `token ${token} of ${service.service} is no longer in force: token ${service.fence} was given out since`,
  )
}

export const isExpired = (lease: Lease, now: number): boolean => Date.parse(lease.expiresAt) <= now

const take = (service: Service, request: LeaseRequest, now: number): Service => {
  const { seconds, over, ...about } = request
  const { lease } = service
  const expiresAt = new Date(now + seconds * 1000).toISOString()
  if (lease && sameHolder(lease, request)) {
    return isExpired(lease, now) ? { ...service, lease: { ...lease, expiresAt } } : service
  }
  if (lease && !isExpired(lease, now) && lease.token !== over) {
    throw new RecordError(
      'lease-held',
      `${service.service} is being changed by release ${lease.release} (run ${lease.run.id}) until ${lease.expiresAt}`,
    )
  }
  const token = service.fence + 1
  const takenAt = new Date(now).toISOString()
  return { ...service, fence: token, lease: { ...about, token, takenAt, expiresAt, deployment: null } }
}

const sameHolder = (lease: Lease, request: LeaseRequest): boolean =>
  lease.run.id === request.run.id &&
  lease.run.attempt === request.run.attempt &&
  lease.release === request.release &&
  lease.digest === request.digest

const attach = (service: Service, deployment: number): Service => {
  if (!service.lease) throw new RecordError('stale-token', `nobody holds the lease of ${service.service}`)
  return { ...service, lease: { ...service.lease, deployment } }
}

const giveBack = (service: Service, token: number): Service => {
  checkToken(service, token)
  return { ...service, lease: null }
}

const goLive = (service: Service, live: NonNullable<ServiceChange['live']>, now: number): Service => {
  if (service.live?.version === live.version && service.live.digest === live.digest) return service
  return { ...service, live: { ...live, at: new Date(now).toISOString() }, previous: service.live }
}

const block = (
  service: Service,
  { version, reason }: NonNullable<ServiceChange['block']>,
  now: number,
): Service => {
  const blocked = service.blocked.some((one) => one.version === version)
    ? service.blocked
    : [...service.blocked, { version, reason, at: new Date(now).toISOString() }]
  // A blocked version cannot be what is live: what was live before it is live again.
  const fell = service.live?.version === version
  return fell ? { ...service, blocked, live: service.previous, previous: null } : { ...service, blocked }
}
