import type { z } from "zod"
import manifest from "../package.json" with { type: "json" }
import { storedAuthSecret } from "./config/auth-secret.ts"
import { conflictsOf, type DatabaseConfig, databaseFrom } from "./config/database.ts"
import { mailFrom } from "./config/mail.ts"
import { type StorageConfig, StorageVariables, storageFrom } from "./config/storage.ts"
import { pathOf } from "./config/values.ts"
import { ServerVariables, SidekickVariables } from "./config/variables.ts"

export type { DatabaseConfig } from "./config/database.ts"
export type { S3Config, StorageConfig } from "./config/storage.ts"
export type { RateLimitConfig } from "./config/values.ts"

import { serverVariables } from "./config/variables.ts"

export { serverVariables, sidekickVariables } from "./config/variables.ts"

/** Environment variables, as in `process.env`. */
type Environment = Record<string, string | undefined>

/** The server's configuration. */
export type Config = ReturnType<typeof parseConfig>

/** The configuration of a standalone sidekick. */
export type SidekickConfig = ReturnType<typeof parseSidekickConfig>

/**
 * Parses the server's configuration. Creates the cookie secret if there is none. Throws an Error whose message has a
 * line for each wrong variable: its name, its value unless it is a secret, and what would be right.
 */
export function parseConfig(environment: Environment) {
  const data = parse(FittingVariables, environment)
  const production = data.NODE_ENV === "production"
  const database: DatabaseConfig = databaseFrom(data)
  const databasePath = pathOf(data.DATABASE_URL)
  return {
    port: data.PORT,
    host: data.HOST,
    database,
    databasePath,
    storage: storageFrom(data, databasePath),
    maxFileBytes: data.MAX_FILE_SIZE,
    maxBytesPerPerson: data.FILES_PER_PERSON,
    fileLimit: data.RATE_LIMIT_FILES,
    publicOrigin: data.PUBLIC_URL,
    secureCookies: data.PUBLIC_URL?.startsWith("https:") ?? false,
    authSecret: data.AUTH_SECRET ?? storedAuthSecret(databasePath),
    sidekick:
      data.SIDEKICK_URL && data.SIDEKICK_SECRET
        ? { url: new URL(data.SIDEKICK_URL).origin, secret: data.SIDEKICK_SECRET }
        : null,
    seed: data.SEED ?? !production,
    messageLimit: data.RATE_LIMIT_MESSAGES,
    loginLimit: data.RATE_LIMIT_LOGINS,
    connections: { perPerson: data.CONNECTIONS_PER_PERSON, perAddress: data.CONNECTIONS_PER_ADDRESS },
    privateProviderHosts: data.OIDC_PRIVATE_HOSTS ?? [],
    privatePushHosts: data.PUSH_PRIVATE_HOSTS ?? [],
    auditLogDays: data.AUDIT_LOG_DAYS,
    instanceLogDays: data.INSTANCE_LOG_DAYS,
    mail: mailFrom(data),
    linkPreviews: data.LINK_PREVIEWS,
    trustProxy: data.TRUST_PROXY,
    drainSeconds: data.DRAIN_SECONDS,
    logLevel: data.LOG_LEVEL,
    production,
    metricsToken: data.METRICS_TOKEN,
    securityContact: data.SECURITY_CONTACT,
    version: manifest.version,
    explained: explain(environment),
  }
}

/** A variable's value, and where it comes from. */
export interface ExplainedVariable {
  name: string
  /** What happens in words where it is not set; never a secret. */
  value: string
  source: "environment" | "default"
}

const hidden = "set, not shown"
const isSecret = (name: string) => /SECRET|KEY|PASSWORD|TOKEN/.test(name)

/** The server's variables as administrators may see them. */
function explain(environment: Environment): ExplainedVariable[] {
  return serverVariables.map(({ name, default: fallback }) => {
    const value = environment[name]
    if (value === undefined || value === "") return { name, value: fallback, source: "default" }

    const shown = isSecret(name) ? hidden : withoutCredentials(value)
    return { name, value: shown, source: "environment" }
  })
}

/** A URL without what it authorizes by. */
function withoutCredentials(value: string): string {
  if (!/^\w{2,}:\/\//.test(value)) return value
  if (!URL.canParse(value)) return hidden

  const url = new URL(value)
  if (url.password) url.password = "***"
  url.search = ""
  return url.href
}

const FittingVariables = ServerVariables.superRefine((data, { addIssue }) => {
  for (const { variable, right } of conflictsOf(data)) {
    addIssue({ code: "custom", path: [variable], message: right })
  }
})

/** Parses the configuration of a standalone sidekick. Throws as `parseConfig` does. */
export function parseSidekickConfig(environment: Environment) {
  const data = parse(SidekickVariables, environment)
  const server = new URL(data.SIDEKICK_SERVER_URL)
  if (server.pathname === "/") server.pathname = "/api/covenant"
  return {
    port: data.PORT,
    host: data.HOST,
    publicOrigin: data.PUBLIC_URL,
    secret: data.SIDEKICK_SECRET,
    server: { url: server.href, secret: data.SIDEKICK_SERVER_SECRET ?? data.SIDEKICK_SECRET },
    openResources: data.SIDEKICK_OPEN_RESOURCES,
    maxSockets: data.SIDEKICK_MAX_SOCKETS,
    metricsToken: data.METRICS_TOKEN,
    logLevel: data.LOG_LEVEL,
    production: data.NODE_ENV === "production",
  }
}

/** The database, for commands that need nothing else. Throws as `parseConfig` does. */
export function databaseConfigOf(environment: Environment = process.env): DatabaseConfig {
  return databaseFrom(parse(ServerVariables.pick({ DATABASE_URL: true, REDIS_URL: true }), environment))
}

/** The origin that users open, for commands; empty when it is not set. Throws as `parseConfig` does. */
export function publicOriginOf(environment: Environment = process.env): string {
  return parse(ServerVariables.pick({ PUBLIC_URL: true }), environment).PUBLIC_URL ?? ""
}

/**
 * The path of the SQLite file, for commands that need nothing else: `parseConfig` would create a secret. Throws as it
 * does, and when the database is in Postgres.
 */
export function databasePathOf(environment: Environment = process.env): string {
  const database = databaseConfigOf(environment)
  if ("path" in database) return database.path

  throw new Error("This command is for an SQLite file, and DATABASE_URL names Postgres: see docs/scale.md")
}

/** The storage of uploaded files, for commands that need nothing else. Throws as `parseConfig` does. */
export function storageConfigOf(environment: Environment = process.env): StorageConfig {
  return storageFrom(parse(StorageVariables, environment), databasePathOf(environment))
}

/** Parses the variables of a schema; an empty one counts as not set. */
function parse<Schema extends z.ZodType>(schema: Schema, environment: Environment): z.output<Schema> {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""))
  const parsed = schema.safeParse(set)
  if (parsed.success) return parsed.data

  const issues = Map.groupBy(parsed.error.issues, ({ path }) => String(path[0]))
  const sentences = [...issues].map(([name, [issue]]) => {
    const message = issue?.message
    // The message ends up in logs, where not even a wrong secret belongs.
    const given = isSecret(name) ? name : `${name}=${withoutPassword(name, set[name])}`
    return set[name] === undefined
      ? `${name} is not set: it must be ${message}`
      : `${given} is not valid: it must be ${message}`
  })
  throw new Error(sentences.join("\n"))
}

/** Where a password ends in a URL that is not valid is unknown, so all of it before the last `@` is left out. */
function withoutPassword(name: string, value: string | undefined): string | undefined {
  return name.endsWith("_URL") ? value?.replace(/^(\w+:\/\/)?([^:@/]*:)?.*@/s, "$1$2***@") : value
}
