/** One question whether something is well: the status and the first part of the answer's text. @throws Error in one sentence */
export type AskHealth = (
  question: { url: string; private: boolean },
  signal: AbortSignal,
) => Promise<{ status: number; text: string }>
