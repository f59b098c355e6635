import { afterEach, describe, expect, test } from '@jest/globals'
import { type Answer, json } from '../traffic/server.ts'
import { patience, providerAt, type Served, serve, vendors } from './vendors/vendor.ts'

let served: Served | undefined
const timers: NodeJS.Timeout[] = []
afterEach(async () => {
  for (const timer of timers.splice(0)) clearInterval(timer)
  await served?.server.close()
  served = undefined
})

const asked = [6000, 7000, 10] as const

describe.each(vendors)(
  'V5, 72: $name that does not answer as it should is down, in one sentence',
  (vendor) => {
    const down = async (answer: Answer, seconds = 0.4) => {
      served = await serve(vendor, {}, { policy: patience(seconds) })
      served.server.answer = answer
      const look = await served.provider.observe(...asked)
      expect(look.observations).toEqual([])
      expect(look.down).not.toMatch(/[\n\r]|key-a|nr-key|influx-token|loki-token/)
      // The query of a configuration is no part of the sentence; the address is.
      expect(look.down).toContain(new URL(served.server.url).host)
      return look.down
    }

    test.each<[string, Answer, RegExp]>([
      [
        '401',
        (_, response) => json(response, { error: 'unauthorized' }, 401),
        /refused access \(status 401\)/,
      ],
      ['403', (_, response) => json(response, {}, 403), /refused access \(status 403\)/],
      [
        'a login page with status 200',
        (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in'),
        /answered with a web page.* \(status 200\) that is not the API/,
      ],
      [
        '502 with a page',
        (_, response) => response.writeHead(502).end('<html>bad gateway'),
        /web page.*status 502/,
      ],
      [
        'truncated JSON',
        (_, response) => response.end('{"status":"succ'),
        /answered with something \(status 200\)/,
      ],
      [
        'a redirect to the metadata service',
        (_, response) => response.writeHead(307, { location: 'http://169.254.169.254/' }).end(),
        /redirects are not followed/,
      ],
      ['silence', () => undefined, /did not answer within 0.4 s/],
      [
        'one byte at a time',
        (_, response) => void timers.push(setInterval(() => response.write(' '), 50)),
        /did not answer within 0.4 s/,
      ],
      ['a cut connection', (_, response) => response.destroy(), /the connection was cut/],
      [
        '500 with its own words',
        (_, response) => json(response, { status: 'error', error: 'out\nof memory' }, 500),
        /out of memory/,
      ],
    ])('%s', async (_, answer, sentence) => {
      expect(await down(answer)).toMatch(sentence)
    })

    test('69: a body without end is cut off', async () => {
      const endless: Answer = (_, response) => {
        const more = () => {
          while (response.write('x'.repeat(1_000_000)));
          response.once('drain', more)
        }
        more()
      }
      expect(await down(endless, 20)).toMatch(/longer than 16000000 bytes/)
    }, 30_000)

    test('nothing listens there, for a range either', async () => {
      served = await serve(vendor, {})
      const { server, provider } = served
      await server.close()
      expect((await provider.range(6000, 7000, 60, 0)).down).toMatch(/connection refused/)
    })

    test('an abort is not "down": it is thrown', async () => {
      served = await serve(vendor, {})
      served.server.answer = () => undefined
      await expect(served.provider.observe(...asked, AbortSignal.timeout(100))).rejects.toThrow(/timeout/)
    })

    test('70: a private address is not asked unless metrics.allow lists it', async () => {
      served = await serve(vendor, {}, { policy: (policy) => ({ ...policy, allow: [] }) })
      expect((await served.provider.observe(...asked)).down).toMatch(
        /a private address; list .* in metrics\.allow/,
      )
      expect(served.server.seen).toEqual([])
    })

    test('70: a name is judged by what it resolves to, and the metadata service is never asked', async () => {
      served = await serve(vendor, {})
      const { port } = served.server
      const named = providerAt(vendor, `http://localhost:${port}`, {
        policy: (policy) => ({ ...policy, allow: [] }),
      })
      expect((await named.observe(...asked)).down).toMatch(/a private address/)
      for (const host of ['169.254.169.254', '[::ffff:169.254.169.254]', '2852039166'])
        expect((await providerAt(vendor, `http://${host}`).observe(...asked)).down).toMatch(
          /that is never allowed/,
        )
      expect(served.server.seen).toEqual([])
    })
  },
)
