import { z } from 'zod'
import type { TrafficRouter } from '../../ports/traffic.ts'
import { request } from '../network/request.ts'

const weightAnswer = z.object({ weight: z.number().min(0).max(100) })

export type HttpTraffic = { url: string; timeoutSeconds: number; token: string | undefined }

/** A weight behind an address: GET answers `{"weight": n}`, PUT takes it. The operator's own address may be private. */
export const openHttpTraffic = ({ url, timeoutSeconds, token }: HttpTraffic): TrafficRouter => {
  const ask = async (method: 'GET' | 'PUT', body: string | undefined, signal: AbortSignal | undefined) => {
    const answer = await request({
      url,
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      ...(body === undefined ? {} : { body }),
      timeoutSeconds,
      limit: 65_536,
      allowPrivate: () => true,
      ...(signal ? { signal } : {}),
    })
    if (answer.status >= 200 && answer.status < 300) return answer.text
    const redirect = answer.status >= 300 && answer.status < 400 ? '; redirects are not followed' : ''
    throw new Error(`the traffic driver answered ${method} with status ${answer.status}${redirect}`)
  }
  return {
    set: async (weight, signal) => {
      await ask('PUT', JSON.stringify({ weight }), signal)
    },
    read: async (signal) => parseWeight(await ask('GET', undefined, signal)),
  }
}

const parseWeight = (text: string): number => {
  try {
    return weightAnswer.parse(JSON.parse(text)).weight
  } catch {
    throw new Error('the traffic driver answered something else than {"weight": n} with n from 0 to 100')
  }
}
