import { validate } from '@actions/languageservice'
import { read } from '../repo/tree.ts'

type Config = NonNullable<Parameters<typeof validate>[1]>

/** Repositories are this one: `$/`, `./` and `org/relman/…@v1` all lead here. */
const fileProvider: Config['fileProvider'] = {
  getFileContent: async (reference) => {
    const path = reference.path.replace(/^\.github\/workflows\/(?!\.)/, 'workflows/')
    return { name: reference.path, content: read(path) }
  },
}

let asked = 0

/** What GitHub's own language service says of a workflow or an `action.yml`: one line each. */
export async function opinions(path: string, text: string): Promise<string[]> {
  asked += 1 // It remembers documents by their address.
  const document = {
    uri: `file:///${asked}/${path.replace(/^workflows\//, '.github/workflows/')}`,
    getText: () => text,
  } as Parameters<typeof validate>[0]
  const found = await validate(document, { fileProvider } as Config)
  return found.map(({ message, severity, range }) => {
    const word = severity === 1 ? 'error' : 'warning'
    return `${word}, line ${range.start.line + 1}: ${message}`
  })
}
