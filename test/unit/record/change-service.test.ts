import { expect, test } from '@jest/globals'
import { applyServiceChange, newService, type ServiceChange } from '@relman/core/record/change-service'
import { service as schema } from '@relman/core/record/service'
import fc from 'fast-check'

const run = { id: 1, attempt: 1, workflow: 'release', job: 'lock' }
const take = (id = 1, attempt = 1, more: object = {}) => ({
  take: { release: '1.0.0', digest: 'd', run: { ...run, id, attempt }, seconds: 60, ...more },
})
const shop = newService('shop')
const at = Date.UTC(2026, 0, 1)

test('faults 49: a lease goes to one; the same run and attempt gets the same token; after it expires, another a higher one', () => {
  const held = applyServiceChange(shop, take(), at)
  expect(held).toMatchObject({
    fence: 1,
    lease: { token: 1, expiresAt: '2026-01-01T00:01:00.000Z', deployment: null },
  })
  expect(applyServiceChange(held, take(), at + 1000)).toEqual(held)
  expect(() => applyServiceChange(held, take(2), at + 59_999)).toThrow('run 1')
  expect(() => applyServiceChange(held, take(1, 2), at)).toThrow(
    expect.objectContaining({ reasonCode: 'lease-held' }),
  )
  expect(applyServiceChange(held, take(2), at + 60_000)).toMatchObject({ fence: 2, lease: { token: 2 } })
  expect(applyServiceChange(held, take(1, 2, { over: 1 }), at)).toMatchObject({
    fence: 2,
    lease: { token: 2 },
  })
  expect(() => applyServiceChange(held, take(1, 2, { over: 7 }), at)).toThrow()
  const renewed = applyServiceChange(held, take(), at + 70_000)
  expect(renewed).toMatchObject({ fence: 1, lease: { token: 1, expiresAt: '2026-01-01T00:02:10.000Z' } })
})

test('a lease is given back once; an older token gives nothing back', () => {
  const held = applyServiceChange(shop, take(), at)
  const free = applyServiceChange(held, { release: { token: 1 } }, at)
  expect(free.lease).toBeNull()
  expect(applyServiceChange(free, { release: { token: 1 } }, at)).toEqual(free)
  const again = applyServiceChange(free, take(2), at)
  expect(() => applyServiceChange(again, { release: { token: 1 } }, at)).toThrow(
    'token 1 of shop is no longer in force',
  )
})

test('what is live keeps what was live before; what is blocked is live no longer', () => {
  const first = applyServiceChange(shop, { live: { version: '1.0.0', sha: 'a', digest: 'd1' } }, at)
  const second = applyServiceChange(first, { live: { version: '1.1.0', sha: 'b', digest: 'd2' } }, at)
  expect(second).toMatchObject({ live: { version: '1.1.0' }, previous: { version: '1.0.0' } })
  expect(applyServiceChange(second, { live: { version: '1.1.0', sha: 'b', digest: 'd2' } }, at + 5)).toEqual(
    second,
  )
  const blocked = applyServiceChange(second, { block: { version: '1.1.0', reason: 'errors' } }, at)
  expect(blocked).toMatchObject({
    live: { version: '1.0.0' },
    previous: null,
    blocked: [{ version: '1.1.0', reason: 'errors' }],
  })
  expect(applyServiceChange(blocked, { block: { version: '1.1.0', reason: 'other' } }, at)).toEqual(blocked)
})

const change = fc.oneof(
  fc
    .record({ id: fc.integer({ min: 1, max: 3 }), attempt: fc.integer({ min: 1, max: 2 }) })
    .map(({ id, attempt }) => take(id, attempt)),
  fc.integer({ min: 1, max: 5 }).map((token) => ({ release: { token } })),
  fc.integer({ min: 1, max: 9 }).map((deployment) => ({ deployment })),
  fc.constantFrom('1.0.0', '1.1.0').map((version) => ({ live: { version, sha: 's', digest: version } })),
  fc.constantFrom('1.0.0', '1.1.0').map((version) => ({ block: { version, reason: 'r' } })),
) as fc.Arbitrary<ServiceChange>

test('any sequence of changes: the fence never falls, a lease has the newest token, doing it twice is doing it once', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(change, fc.integer({ min: 0, max: 90_000 })), { maxLength: 30 }),
      (changes) => {
        let service = shop
        let now = at
        for (const [change, passed] of changes) {
          now += passed
          const before = service
          try {
            service = applyServiceChange(service, change, now)
          } catch {
            continue
          }
          expect(service.fence).toBeGreaterThanOrEqual(before.fence)
          if (service.lease) expect(service.lease.token).toBe(service.fence)
          expect(applyServiceChange(service, change, now)).toEqual(service)
          expect(schema.parse(service)).toEqual(service)
        }
      },
    ),
  )
})
