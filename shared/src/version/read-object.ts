import { ConfigurationError } from '../config/configuration-error.ts'

export const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** A JSON file that holds keys and values. */
export const readObject = (text: string, file: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''))
    if (isObject(value)) return value
  } catch {
    throw new ConfigurationError('is not JSON', { file })
  }
  throw new ConfigurationError('holds no keys and values', { file })
}
