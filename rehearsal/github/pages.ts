/** Pagination as GitHub does it: `per_page` (30, at most 100), `page`, and the Link header. */

import type { Call, Reply } from './github.ts'

export function slice<T>(call: Call, all: T[]): { items: T[]; headers: Record<string, string> } {
  const size = Math.min(Math.max(Number(call.query.per_page ?? 30), 1), 100)
  const page = Math.max(Number(call.query.page ?? 1), 1)
  const last = Math.max(Math.ceil(all.length / size), 1)
  const address = (number: number): string => {
    const query = new URLSearchParams({ ...call.query, page: String(number) })
    return `<${call.github.apiUrl}${call.params.$path}?${query}>`
  }
  const links: string[] = []
  if (page > 1) links.push(`${address(Math.min(page - 1, last))}; rel="prev"`)
  if (page < last) links.push(`${address(page + 1)}; rel="next"`, `${address(last)}; rel="last"`)
  if (page > 1) links.push(`${address(1)}; rel="first"`)
  const items = all.slice((page - 1) * size, page * size)
  return { items, headers: links.length > 0 ? { link: links.join(', ') } : {} }
}

/** A page of a list; `render` sees only what is on it. */
export async function list<T>(call: Call, all: T[], render: (item: T) => unknown): Promise<Reply> {
  const { items, headers } = slice(call, all)
  return { status: 200, body: await Promise.all(items.map(render)), headers }
}

/** A page wrapped as `{ total_count, <name>: [...] }`. */
export function counted<T>(call: Call, name: string, all: T[], render: (item: T) => unknown): Reply {
  const { items, headers } = slice(call, all)
  return { status: 200, body: { total_count: all.length, [name]: items.map(render) }, headers }
}
