import { cut, visible } from '../../text/visible.ts'
import type { Answer } from '../network/request.ts'
import type { Hide } from './hide-secrets.ts'

/**
 * The JSON of an answer with status 2xx. Everything else is one sentence: `where` is the address, `api` what should have
 * answered there. A vendor's own words are quoted, in one short line, without what `hide` takes out.
 */
export const jsonAnswer = (where: string, api: string, answer: Answer, hide?: Hide): unknown => {
  const { status, text, headers } = answer
  if (status === 401 || status === 403)
    throw new Error(`${where} refused access (status ${status}): check the keys and what they may read`)
  if (status >= 300 && status < 400)
    throw new Error(`${where} redirects (status ${status}); redirects are not followed`)
  const value = parse(text)
  if (status === 429) {
    const after = headers['retry-after']
    throw new Error(
      `${where} limits how often it may be asked (status 429)${after && /^\d{1,6}$/.test(after) ? `; it asks for ${after} s of patience` : ''}`,
    )
  }
  if (value === undefined && status >= 400 && !isPage(answer) && text.trim() !== '')
    throw new Error(`${where} reports an error (status ${status}): ${said(text, hide)}`)
  if (value === undefined) {
    const kind = isPage(answer) ? 'a web page, perhaps a login,' : 'something'
    throw new Error(`${where} answered with ${kind} (status ${status}) that is not the API of ${api}`)
  }
  if (status < 200 || status >= 300)
    throw new Error(`${where} reports an error (status ${status}): ${said(value, hide) || 'no reason given'}`)
  return value
}

/** What a vendor says of an error, found in the shapes that are usual, as one short line of plain text. */
export const said = (value: unknown, hide: Hide = (text) => text): string => {
  const text = hide(words(value))
  return cut(visible(text.replace(/\s+/g, ' ')).trim(), 200)
}

const words = (value: unknown): string => {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) return value.slice(0, 3).map(words).filter(Boolean).join('; ')
  if (value === null || typeof value !== 'object') return ''
  const fields = value as Record<string, unknown>
  for (const key of ['message', 'error', 'errors', 'detail', 'title', 'description']) {
    const found = Object.hasOwn(fields, key) ? words(fields[key]) : ''
    if (found) return found
  }
  return ''
}

const isPage = ({ contentType, text }: Answer): boolean => /html/i.test(contentType) || /^\s*</.test(text)

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
