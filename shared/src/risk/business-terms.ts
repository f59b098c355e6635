/**
 * What the built-in reasons of a level mean for the business, by the reason without its path. The reasons of `risk.rules`
 * are in business terms already.
 */
const terms: Readonly<Record<string, string>> = {
  'a database migration': 'stored data changes its shape, and going back may not restore it',
  'an irreversible database migration': 'data is gone for good, and going back does not restore it',
  'a database migration that takes away what the previous version uses':
    'the previous version may fail when it is brought back',
  'a database migration that could not be read': 'nobody can say whether the previous version still runs',
  'an edited database migration': 'where it ran already it does not run again, so that databases may differ',
  'the release policy or who must review': 'what protects later releases changes',
  'authentication or permissions': 'people may be locked out, or let in where they should not be',
  'an area of authentication or permissions': 'people may be locked out, or let in where they should not be',
  payment: 'money may be taken wrongly, or not at all',
  'an area of payment': 'money may be taken wrongly, or not at all',
  infrastructure: 'the service as a whole may be slow or away',
  'an area of infrastructure': 'the service as a whole may be slow or away',
  'a breaking change': 'customers and other teams must change what they built on it',
  'lines taken out of an interface that others build on':
    'what customers or other teams built on it may stop working',
  'a new feature, and no flag that hides it':
    'every user sees it at once, and only a new release hides it again',
  'a feature behind a flag': 'users see it when it is switched on, and it can be switched off at once',
  'code that users do not see directly': 'users should notice nothing',
  'a description of an interface that others build on': 'other teams see something new to build on',
  dependencies: 'the work of others comes in, with its faults',
  'the build and release pipeline': 'how releases are made changes, not what users see',
  configuration: 'the same service behaves in another way',
  'documentation or copy': 'what people read changes, not what the service does',
  'nothing is known about it: neither its files nor its type': 'nobody can say what users will notice',
}

/** The reason in business terms; null where it says so itself. */
export const businessTerms = (reason: string): string | null =>
  Object.hasOwn(terms, reason) ? (terms[reason] ?? null) : null
