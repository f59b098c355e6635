/** What a gitmoji says about a change (https://gitmoji.dev); those that say nothing a rule could use are not here. */
const meanings: readonly (readonly [kind: string, symbols: string, ...names: string[]])[] = [
  ['breaking', '💥', 'boom'],
  ['feat', '✨', 'sparkles'],
  ['fix', '🐛🚑🩹👽🥅♿', 'bug', 'ambulance', 'adhesive_bandage', 'alien', 'goal_net', 'wheelchair'],
  ['security', '🔒', 'lock'],
  ['perf', '⚡', 'zap'],
  ['deprecate', '🗑', 'wastebasket'],
  ['revert', '⏪', 'rewind'],
  ['docs', '📝💡📄🌐💬✏', 'memo', 'bulb', 'page_facing_up', 'globe_with_meridians', 'pencil2'],
  ['refactor', '♻🔥🚚⚰', 'recycle', 'fire', 'truck', 'coffin'],
  ['style', '🎨🚨', 'art', 'rotating_light'],
  ['test', '✅🧪📸', 'white_check_mark', 'test_tube', 'camera_flash'],
  ['ci', '👷💚', 'construction_worker', 'green_heart'],
  [
    'build',
    '⬆⬇📌➕➖📦',
    'arrow_up',
    'arrow_down',
    'pushpin',
    'heavy_plus_sign',
    'heavy_minus_sign',
    'package',
  ],
  ['chore', '🔖🔧🔨🙈', 'bookmark', 'wrench', 'hammer', 'see_no_evil'],
]

const kinds = new Map(
  meanings.flatMap(([kind, symbols, ...names]) =>
    [...[...symbols], ...names.map((name) => `:${name}:`)].map((symbol) => [symbol, kind] as const),
  ),
)

const first = /^(:[a-z0-9_]{1,40}:|\p{Extended_Pictographic})/u

/** The type of change that the emoji a subject begins with stands for; `breaking` for a breaking one, else null. */
export const gitmojiKind = (subject: string): string | null =>
  kinds.get(first.exec(subject)?.[1] ?? '') ?? null
