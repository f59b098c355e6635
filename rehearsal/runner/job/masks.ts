/** Secrets of one job, hidden from its logs, summaries and outputs. */
export type Masks = { add(secret: string): void; apply(text: string): string }

/**
 * A secret is hidden as it is, line by line, and as Base64, JSON or URI text (among the encoders that the
 * runner registers: HostContext.cs; its shifted Base64, XML and PowerShell forms are left out).
 */
export function createMasks(): Masks {
  let hidden: string[] = []
  return {
    add: (secret) => {
      const lines = secret.split(/\r?\n/).filter((line) => line.trim() !== '')
      const forms = [...lines, secret].flatMap((value) => [
        value,
        JSON.stringify(value).slice(1, -1),
        encodeURIComponent(value),
        Buffer.from(value).toString('base64'),
      ])
      hidden = [...new Set([...hidden, ...forms])]
        .filter((form) => form.trim() !== '')
        .sort((a, b) => b.length - a.length)
    },
    apply: (text) => hidden.reduce((result, secret) => result.replaceAll(secret, '***'), text),
  }
}
