import type { RiskLevel } from '../config/risk-levels.ts'

/** A kind of file that says something about risk. The first class whose glob matches a path decides for that path. */
export type PathClass = { name: string; level: RiskLevel; why: string; globs: string[] }

/** The built-in classes, in the order they are asked. `risk.rules` of the configuration is asked before them. */
export const pathClasses: readonly PathClass[] = [
  {
    name: 'generated',
    level: 'low',
    why: 'generated or vendored files',
    globs: [
      '**/{vendor,third_party,third-party,node_modules}/**',
      '**/*.min.{js,css}',
      '**/*.snap',
      '**/__snapshots__/**',
    ],
  },
  {
    name: 'test',
    level: 'low',
    why: 'tests',
    globs: [
      '**/{test,tests,__tests__,spec,specs,e2e,testdata,fixtures,__mocks__}/**',
      '**/*.{test,spec}.*',
      '**/*_test.*',
      '**/test_*.py',
    ],
  },
  {
    name: 'migration',
    level: 'high',
    why: 'a database migration',
    globs: [
      '**/db/migrate/**',
      '**/migrations/**',
      '**/alembic/versions/**',
      '**/prisma/schema.prisma',
      '**/V[0-9]*__*.sql',
      '**/changelog*/**/*.sql',
      '**/{flyway,liquibase,sqitch}/**',
      '**/structure.sql',
      '**/schema.rb',
    ],
  },
  {
    name: 'policy',
    level: 'high',
    why: 'the release policy or who must review',
    globs: ['.github/relman.{yml,yaml}', '{,.github/,docs/}CODEOWNERS'],
  },
  {
    // Lists of dependencies that end like prose.
    name: 'dependency',
    level: 'medium',
    why: 'dependencies',
    globs: ['**/{requirements,constraints}*.txt', '**/requirements/*.txt'],
  },
  {
    name: 'documentation',
    level: 'low',
    why: 'documentation or copy',
    globs: [
      '**/*.{md,mdx,markdown,rst,adoc,txt}',
      '**/{docs,doc,website,examples,example,samples,locales,locale,i18n,translations,lang}/**',
      '**/*.{po,pot,xliff}',
      '**/{LICENSE,LICENCE,AUTHORS,NOTICE,CHANGELOG}*',
    ],
  },
  {
    name: 'access',
    level: 'high',
    why: 'authentication or permissions',
    globs: [
      '**/*{auth,Auth}{,[A-Z_.-]*,entic*,oriz*,oris*}',
      '**/*{oauth,OAuth,permission,Permission,rbac,RBAC,jwt,JWT,crypto,Crypto,password,Password,credential,Credential}*',
      '**/{auth,oauth,authentication,authorization,authorisation,session,sessions,permissions,rbac,jwt,crypto,login,sso,saml,oidc}/**',
    ],
  },
  {
    name: 'payment',
    level: 'high',
    why: 'payment',
    globs: [
      '**/*{payment,Payment,billing,Billing,invoice,Invoice,stripe,Stripe}*',
      '**/{payment,payments,billing,checkout,invoice,invoices,invoicing,stripe}/**',
    ],
  },
  {
    name: 'infrastructure',
    level: 'high',
    why: 'infrastructure',
    globs: [
      '**/*.{tf,tfvars,hcl,bicep}',
      '**/{helm,k8s,kubernetes,terraform,pulumi,ansible,cloudformation,infra,infrastructure}/**',
      '**/Dockerfile*',
      '**/*.dockerfile',
      '**/{docker-,}compose*.{yml,yaml}',
      '**/serverless.{yml,yaml,ts}',
      '**/cdk.json',
      '**/Chart.yaml',
      // Components that draw charts lie in folders of this name, too: only what a Helm chart is made of counts.
      '**/charts/**/*.{yml,yaml,tpl,gotmpl,tgz}',
      '**/charts/**/{Chart.lock,values*.json,.helmignore}',
      '**/charts/*/files/**',
    ],
  },
  {
    name: 'interface',
    level: 'medium',
    why: 'a description of an interface that others build on',
    globs: ['**/*{openapi,swagger}*.{yml,yaml,json}', '**/*.{proto,graphql,gql,thrift,avsc}', '**/*.d.ts'],
  },
  {
    name: 'dependency',
    level: 'medium',
    why: 'dependencies',
    globs: [
      '**/{package.json,package-lock.json,npm-shrinkwrap.json,yarn.lock,pnpm-lock.yaml,bun.lock,deno.lock}',
      '**/go.{mod,sum}',
      '**/Cargo.{toml,lock}',
      '**/{Gemfile,Gemfile.lock,*.gemspec}',
      '**/{poetry.lock,Pipfile,Pipfile.lock,pyproject.toml,uv.lock,setup.py}',
      '**/{pom.xml,*.gradle,*.gradle.kts,composer.json,composer.lock,*.csproj,packages.lock.json}',
    ],
  },
  {
    name: 'pipeline',
    level: 'medium',
    why: 'the build and release pipeline',
    globs: [
      '.github/**',
      '**/action.{yml,yaml}',
      '.gitlab-ci.yml',
      '.circleci/**',
      '**/Jenkinsfile',
      '**/Makefile',
    ],
  },
  {
    name: 'configuration',
    level: 'low',
    why: 'configuration',
    globs: [
      '**/*.{yml,yaml,toml,ini,cfg,conf,properties,json,json5,jsonc}',
      '**/.env*',
      '**/.*rc',
      '**/.{gitignore,gitattributes,editorconfig,nvmrc,npmrc}',
    ],
  },
]
