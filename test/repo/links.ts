import { posix } from 'node:path'

export type Link = { text: string; to: string; line: number }

/** Markdown without its code: what stands in a fence or between backticks is no link. */
const prose = (page: string): string =>
  page
    .replace(/^( *)(```+|~~~+)[\s\S]*?^\1\2 *$/gm, (block) => block.replace(/[^\n]/g, ''))
    .replace(/`[^`\n]*`/g, (code) => ' '.repeat(code.length))

/** Links and pictures of a page, those to other sites left out. */
export const linksIn = (page: string): Link[] =>
  prose(page)
    .split('\n')
    .flatMap((line, index) =>
      [
        ...line.matchAll(
          /\[([^\]]*)\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)|<(?:img|a)[^>]* (?:src|href)="([^"]+)"/g,
        ),
      ].map(([, text = '', to, other = '']) => ({ text, to: to ?? other, line: index + 1 })),
    )
    .filter(({ to }) => !/^[a-z][a-z0-9+.-]*:/i.test(to))

/** The anchors of a page, as GitHub makes them from its headings. */
export const anchorsOf = (page: string): string[] => {
  const seen = new Map<string, number>()
  const fenced = page.replace(/^( *)(```+|~~~+)[\s\S]*?^\1\2 *$/gm, '')
  return [...fenced.matchAll(/^#{1,6} +(.+?)(?: +#+)?$/gm)].map(([, heading = '']) => {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}\- _]/gu, '')
      .replaceAll(' ', '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    return count === 0 ? slug : `${slug}-${count}`
  })
}

/** Where a link of `page` leads: a path from the root, and an anchor or ''. */
export const leadsTo = (page: string, to: string): { path: string; anchor: string } => {
  const [file = '', anchor = ''] = to.split('#')
  const path = file === '' ? page : posix.normalize(posix.join(posix.dirname(page), decodeURIComponent(file)))
  return { path: path.replace(/\/$/, ''), anchor }
}
