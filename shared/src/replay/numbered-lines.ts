/** A line of a file, counted from 1. */
export type NumberedLine = { number: number; text: string }

/** The lines of a file of traces. Empty ones hold no trace and are left out, and still count as lines. */
export const numberedLines = (text: string): NumberedLine[] =>
  text
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((line, index) => ({ number: index + 1, text: line }))
    .filter((line) => line.text.trim() !== '')
