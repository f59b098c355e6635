/** A workflow command in a line of output: `::name key=value,…::data` (docs: workflow-commands). */
export type Command = { name: string; properties: Record<string, string>; data: string }

export type Annotation = {
  level: 'error' | 'warning' | 'notice'
  message: string
  title?: string
  file?: string
  line?: number
}

// runner: src/Runner.Worker/ExecutionContext.cs, _maxCountPerIssueType and _maxIssueMessageLength.
const maxPerLevel = 10
const maxLength = 4096

const known = new Set([
  'error',
  'warning',
  'notice',
  'debug',
  'group',
  'endgroup',
  'add-mask',
  'stop-commands',
  'echo',
  'add-matcher',
  'remove-matcher',
  'set-output',
  'save-state',
])

/** Parses a line as a command of the known names or of `token`, which ends a pause (runner: ActionCommand.cs). */
export function parseCommand(line: string, token?: string): Command | undefined {
  const text = line.trimStart()
  if (!text.startsWith('::')) return undefined
  const end = text.indexOf('::', 2)
  if (end < 0) return undefined
  const info = text.slice(2, end)
  const space = info.indexOf(' ')
  const name = space < 0 ? info : info.slice(0, space)
  if (!known.has(name.toLowerCase()) && name !== token) return undefined
  const properties: Record<string, string> = {}
  for (const pair of space < 0
    ? []
    : info
        .slice(space + 1)
        .trim()
        .split(',')) {
    const equals = pair.indexOf('=')
    if (equals > 0 && equals < pair.length - 1)
      properties[pair.slice(0, equals)] = unescape(pair.slice(equals + 1), true)
  }
  return {
    name: name === token ? name : name.toLowerCase(),
    properties,
    data: unescape(text.slice(end + 2), false),
  }
}

function unescape(text: string, property: boolean): string {
  const marks = property ? /%(0D|0A|3A|2C|25)/gi : /%(0D|0A|25)/gi
  return text.replace(marks, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

export type CommandEffects = {
  log(line: string): void
  annotate(annotation: Annotation): void
  mask(value: string): void
  output(name: string, value: string): void
  state(name: string, value: string): void
}

/** Handles the output of one step line by line; the returned function takes a line without its end. */
export function commandReader(effects: CommandEffects): (line: string) => void {
  let token: string | undefined
  const counts = { error: 0, warning: 0, notice: 0 }
  return (line) => {
    const command = parseCommand(line, token)
    if (!command) return effects.log(line)
    if (token !== undefined) {
      // ::stop-commands:: — everything is plain text until its token comes (docs: workflow-commands#stopping-and-starting…).
      if (command.name === token) token = undefined
      return effects.log(line)
    }
    const { name, properties, data } = command
    if (name === 'error' || name === 'warning' || name === 'notice') {
      effects.log(`##[${name}]${data}`)
      if (++counts[name] <= maxPerLevel) effects.annotate(annotationOf(name, properties, data))
      return
    }
    if (name === 'stop-commands') {
      if (data === '' || known.has(data))
        return effects.annotate({ level: 'error', message: `Invalid stop token '${data}'` })
      token = data
    } else if (name === 'add-mask') return effects.mask(data)
    else if (name === 'set-output') return effects.output(properties.name ?? '', data)
    else if (name === 'save-state') return effects.state(properties.name ?? '', data)
    else if (name === 'group') return effects.log(`##[group]${data}`)
    else if (name === 'endgroup') return effects.log('##[endgroup]')
    else if (name === 'debug') return
    effects.log(line)
  }
}

function annotationOf(
  level: Annotation['level'],
  properties: Record<string, string>,
  data: string,
): Annotation {
  const line = Number(properties.line)
  return {
    level,
    message: data.slice(0, maxLength),
    ...(properties.title ? { title: properties.title } : {}),
    ...(properties.file ? { file: properties.file } : {}),
    ...(Number.isInteger(line) && line > 0 ? { line } : {}),
  }
}
