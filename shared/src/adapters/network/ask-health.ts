import type { AskHealth } from '../../ports/health.ts'
import { request } from './request.ts'

const timeoutSeconds = 10
const limit = 200_000

/** Asks an address that the policy names, by the rules of every address: metadata never, private ones where allowed. */
export const askHealth: AskHealth = async ({ url, private: allowed }, signal) => {
  const { status, text } = await request({
    url,
    headers: { 'user-agent': 'relman', 'cache-control': 'no-cache' },
    timeoutSeconds,
    limit,
    cut: true,
    allowPrivate: () => allowed,
    allowKey: 'promotion.confirm, with private: true,',
    signal,
  })
  return { status, text }
}
