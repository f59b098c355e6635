import { cut } from './visible.ts'

/**
 * Untrusted text as a label between quotes of a Mermaid flowchart: letters, digits and plain punctuation only, and never
 * what Markdown reads as a list. Nothing in it can end the label, add a node, link or style anything.
 */
export const diagramLabel = (text: string): string => {
  const plain = cut(text, 80)
    .replace(/[^\p{L}\p{M}\p{N} .,()/+_≥–−-]/gu, ' ')
    .replace(/--+/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
  if (plain === '') return 'unnamed'
  return /^(?:\d+[.)]|[-+])(?:\s|$)/.test(plain) ? `· ${plain}` : plain
}
