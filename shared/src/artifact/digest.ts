/** A content digest as registries and GitHub write it. */
const form = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/

export const isDigest = (text: unknown): text is string => typeof text === 'string' && form.test(text)
