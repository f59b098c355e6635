/** Pages of a list, by cursor. */

import { FieldRefusal } from './refusal.ts'

export type Page = { first?: number | null; after?: string | null }

const cursor = (index: number): string => Buffer.from(`cursor:${index}`).toString('base64')

/** GitHub insists on `first`, from 1 to 100. Nodes are made for the page alone. */
export function connection<T>(
  name: string,
  { first, after }: Page,
  items: T[],
  node: (item: T) => unknown,
): unknown {
  if (first === undefined || first === null) {
    const message = `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`
    throw new FieldRefusal('MISSING_PAGINATION_BOUNDARIES', message)
  }
  if (first < 1 || first > 100) {
    const message = `Requesting ${first} records on the \`${name}\` connection exceeds the \`first\` limit of 100 records.`
    throw new FieldRefusal('EXCESSIVE_PAGINATION', message)
  }
  const text = after ? Buffer.from(after, 'base64').toString() : ''
  const start = text.startsWith('cursor:') ? Number(text.slice('cursor:'.length)) : 0
  const page = items.slice(start, start + first)
  const end = start + page.length
  return {
    totalCount: items.length,
    nodes: () => page.map(node),
    pageInfo: {
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: page.length ? cursor(start) : null,
      endCursor: page.length ? cursor(end) : null,
    },
  }
}
