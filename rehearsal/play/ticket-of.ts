import type { RehearsedGithub } from '../github/server.ts'

/** The release ticket and what was commented on it, as one page; null when none was opened. */
export const ticketOf = async (hub: RehearsedGithub): Promise<string | null> => {
  const ticket = (await hub.issues.all()).findLast(({ body }) => body?.includes('<!-- relman:ticket:'))
  if (!ticket) return null
  const comments = hub.issues.comments(ticket.number).map(({ body }) => `---\n\n${body}`)
  return [
    `# ${ticket.title}`,
    `Issue ${ticket.number}, ${ticket.state}`,
    ticket.body ?? '',
    ...comments,
  ].join('\n\n')
}
