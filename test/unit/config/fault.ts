import { readConfig } from '@relman/core/config/read-config'

/** What a configuration is refused with; '' where it is not. */
export const fault = (text: string): string => {
  try {
    readConfig(text, 'f')
    return ''
  } catch (error) {
    return (error as Error).message
  }
}
