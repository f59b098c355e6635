import { inline } from '../text/escape-markdown.ts'

/** What stands in the place of the notes while they are held back: that it is there, and nothing of what it holds. */
export const heldNote = ({ service, version }: { service: string; version: string }, date: string): string =>
  `**${inline(service)} ${inline(version)}**, released ${date.slice(0, 10)}. Its notes follow.`
