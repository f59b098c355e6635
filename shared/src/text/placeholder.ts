const placeholder = /\{\{([^{}]*)\}\}/g

/** The names between double braces in a text: `a={{from}}` has `from`. */
export const placeholdersIn = (text: string): string[] =>
  [...text.matchAll(placeholder)].map(([, name = '']) => name)

/** A text with each `{{name}}` replaced by what `value` gives for it, in the form that `escape` makes of it for its place. */
export const fillPlaceholders = (
  text: string,
  value: (name: string) => string,
  escape: (text: string) => string,
): string => text.replace(placeholder, (_, name: string) => escape(value(name)))
