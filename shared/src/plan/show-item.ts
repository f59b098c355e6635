import { inline } from '../text/escape-markdown.ts'

/** The name of a change as Markdown. Our own `#123` in front of a title is a reference; the title is not. */
export const showItem = (item: string, limit = 120): string => {
  const [, own = '', title = ''] = /^(#\d+ |)(.*)$/s.exec(item) ?? []
  return own + inline(title, limit)
}
