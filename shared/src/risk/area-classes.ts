/** What the scope of a title (`fix(payments): …`) says about risk where its files do not say it themselves. */
const areas: ReadonlyArray<{ why: string; names: ReadonlySet<string> }> = [
  {
    why: 'an area of authentication or permissions',
    names: new Set(
      'auth,authn,authz,authentication,authorization,authorisation,oauth,oidc,saml,sso,login,session,sessions,permission,permissions,rbac,jwt,crypto,password,passwords,credentials'.split(
        ',',
      ),
    ),
  },
  {
    why: 'an area of payment',
    names: new Set('payment,payments,billing,checkout,invoice,invoices,invoicing,stripe'.split(',')),
  },
  {
    why: 'an area of infrastructure',
    names: new Set(
      'infra,infrastructure,terraform,helm,k8s,kubernetes,ansible,pulumi,cloudformation'.split(','),
    ),
  },
]

/** The reason why an area is of high risk; null for any other area. */
export const riskyArea = (area: string | null): string | null => {
  const words = (area ?? '').toLowerCase().split(/[^a-z0-9]+/)
  return areas.find(({ names }) => words.some((word) => names.has(word)))?.why ?? null
}
