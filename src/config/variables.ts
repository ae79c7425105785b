import { z } from "zod"
import {
  BearerSecretValue,
  ContactValue,
  CountValue,
  DatabaseValue,
  DaysValue,
  DrainValue,
  FilesValue,
  FlagValue,
  HostsValue,
  LogLevelValue,
  ModeValue,
  megabyte,
  PortValue,
  PublicUrlValue,
  RateLimitValue,
  RedisValue,
  SecretValue,
  SenderValue,
  SidekickUrlValue,
  SizeValue,
  SmtpValue,
  SwitchValue,
  UrlValue,
} from "./values.ts"

/** Documentation of one environment variable. */
export interface ConfigVariable {
  name: string
  /** The default as one would write it, or in words what happens when the variable is not set. */
  default: string
  description: string
}

/** The server's environment variables. */
export const ServerVariables = z.object({
  PORT: withDefault(PortValue, "3000", "Port to listen on; `0` picks a free one."),
  HOST: withDefault(z.string(), "0.0.0.0", "Interface to listen on."),
  DATABASE_URL: withDefault(
    DatabaseValue,
    "data/chat.db",
    "Path of the SQLite file, which is created if missing, or `postgres://user:password@host/database`. Postgres requires `AUTH_SECRET` and `FILES_URL`.",
  ),
  REDIS_URL: optional(
    RedisValue,
    "none: this is the only server",
    "`redis://` or `rediss://` URL through which several servers on one Postgres database form one chat. All must have the same `DATABASE_URL`, `AUTH_SECRET` and files.",
  ),
  PUBLIC_URL: optional(
    PublicUrlValue,
    "the request's host",
    "URL that users open, such as `https://chat.example.org`. Decides the cookies' `Secure`, the accepted origin and the links of invites. It has no path: the chat needs a host of its own. Set it in production.",
  ),
  AUTH_SECRET: optional(
    SecretValue,
    "created once, stored beside the database",
    "Signs cookies and encrypts stored secrets; at least 32 characters. After a change everyone signs in again, and authenticator apps have to be set up again.",
  ),
  SEED: optional(
    FlagValue,
    "`true` unless `NODE_ENV` is `production`",
    'Creates the users alice and bob, a server "Lobby" with both as members, and a channel "general".',
  ),
  RATE_LIMIT_MESSAGES: withDefault(
    RateLimitValue,
    "10/10s",
    "Messages per user and channel, as count and window; `off` for no limit.",
  ),
  RATE_LIMIT_LOGINS: withDefault(
    RateLimitValue,
    "10/10m",
    "Wrong passwords per account and per IP, and new accounts per IP; `off` for no limit.",
  ),
  CONNECTIONS_PER_PERSON: withDefault(
    CountValue,
    "50",
    "Live connections of one user to one server: open pages, streams and sockets of programs. One more ends the one that has sent nothing for longest, with close code 4409; `off` for no limit.",
  ),
  CONNECTIONS_PER_ADDRESS: withDefault(
    CountValue,
    "2000",
    "Live connections from one IP to one server. Further ones are refused with close code 1013, and try again later. Behind a reverse proxy set `TRUST_PROXY`, or all people share the proxy's IP; `off` for no limit.",
  ),
  FILES_URL: optional(
    FilesValue,
    "`files` beside the database",
    "Where uploaded files are stored: a folder, or `s3://bucket/prefix`.",
  ),
  S3_ENDPOINT: optional(
    z.url({ protocol: /^https?$/, error: "a URL such as https://s3.example.org" }),
    "Amazon's",
    "Endpoint of an S3-compatible service.",
  ),
  S3_REGION: optional(z.string(), "the service's default", "Region of the bucket."),
  S3_ACCESS_KEY_ID: optional(z.string(), "none", "Access key; required with `s3://`."),
  S3_SECRET_ACCESS_KEY: optional(z.string(), "none", "Secret key; required with `s3://`."),
  MAX_FILE_SIZE: withDefault(
    SizeValue.refine((bytes) => bytes <= 100 * megabyte, "at most 100MB"),
    "10MB",
    "Largest uploaded file; at most `100MB`.",
  ),
  FILES_PER_PERSON: withDefault(SizeValue, "1GB", "Total size of one user's files."),
  RATE_LIMIT_FILES: withDefault(RateLimitValue, "100/10m", "Uploaded files per user; `off` for no limit."),
  LINK_PREVIEWS: withDefault(
    SwitchValue,
    "on",
    "Fetches public pages that messages link to, and avatars of webhooks, and shows them; `off` to disable.",
  ),
  SMTP_URL: optional(
    SmtpValue,
    "none: no e-mail is sent",
    "Mail server, such as `smtps://name:password@mail.example.org`, or `smtp://` for STARTTLS. Requires `MAIL_FROM`, and in production `PUBLIC_URL`.",
  ),
  MAIL_FROM: optional(
    SenderValue,
    "none",
    "Sender of e-mail, such as `Chat <chat@example.org>`. Requires `SMTP_URL`.",
  ),
  OIDC_PRIVATE_HOSTS: optional(
    HostsValue,
    "none: providers have public IPs and HTTPS",
    "Hosts of sign-in providers in your own network, such as `auth.lan` or `10.0.0.5:8443`, separated by commas. Only these may have private IPs, any port and plain HTTP.",
  ),
  PUSH_PRIVATE_HOSTS: optional(
    HostsValue,
    "none: push services have public IPs and HTTPS",
    "Hosts of push services in your own network, such as `push.lan:8443`, separated by commas. Only these may have private IPs, any port and plain HTTP.",
  ),
  AUDIT_LOG_DAYS: withDefault(
    DaysValue,
    "45",
    "How long entries of the servers' audit logs are kept, in days; at least 1.",
  ),
  INSTANCE_LOG_DAYS: withDefault(
    DaysValue,
    "365",
    "How long entries of the administrators' log are kept, in days; at least 1.",
  ),
  TRUST_PROXY: withDefault(
    FlagValue,
    "false",
    "`true` behind a reverse proxy: clients' IPs, for the rate limits, come from `X-Forwarded-For`.",
  ),
  DRAIN_SECONDS: withDefault(
    DrainValue,
    "0",
    "How long after SIGTERM requests are still served while `GET /health` answers 503, so that a balancer stops choosing this server first.",
  ),
  METRICS_TOKEN: optional(
    BearerSecretValue,
    "none: `/metrics` is for this machine only",
    "Token with which `/metrics` can be read from elsewhere, sent as `Authorization: Bearer`; at least 32 characters.",
  ),
  SECURITY_CONTACT: optional(
    ContactValue,
    "none: there is no `security.txt`",
    "Where people report security holes, as `/.well-known/security.txt` says: `mailto:security@example.org` or an `https` URL.",
  ),
  SIDEKICK_URL: optional(
    SidekickUrlValue,
    "none: the server holds all sockets",
    "URL of a standalone sidekick that holds the sockets of programs. Requires `SIDEKICK_SECRET`.",
  ),
  SIDEKICK_SECRET: optional(
    BearerSecretValue,
    "none",
    "Secret shared with the standalone sidekick; at least 32 characters. Requires `SIDEKICK_URL`.",
  ),
  LOG_LEVEL: withDefault(LogLevelValue, "info", "`debug`, `info`, `warn`, `error` or `silent`."),
  NODE_ENV: optional(
    ModeValue,
    "development",
    "`production` disables the seed, closes sign-ups until an administrator opens them, and writes the log as JSON lines.",
  ),
})

/** The environment variables of a standalone sidekick. */
export const SidekickVariables = z.object({
  PORT: withDefault(PortValue, "3001", "Port to listen on; `0` picks a free one."),
  HOST: ServerVariables.shape.HOST,
  PUBLIC_URL: optional(
    PublicUrlValue,
    "the request's host",
    "URL that users open. Pages of other origins may not open a socket.",
  ),
  SIDEKICK_SECRET: required(BearerSecretValue, "Secret shared with the server; at least 32 characters."),
  SIDEKICK_SERVER_URL: required(UrlValue, "URL of the server; without a path `/api/covenant` is added."),
  SIDEKICK_SERVER_SECRET: optional(
    BearerSecretValue,
    "`SIDEKICK_SECRET`",
    "Secret sent to the server, if it differs from the one the server sends.",
  ),
  SIDEKICK_MAX_SOCKETS: withDefault(
    z.coerce.number("a number").int("a whole number").min(1, "at least 1"),
    "20000",
    "Most open sockets; further ones are refused with 503.",
  ),
  SIDEKICK_OPEN_RESOURCES: withDefault(
    FlagValue,
    "false",
    "`true` lets every client listen to every resource if the server does not decide, as the reference server.",
  ),
  METRICS_TOKEN: ServerVariables.shape.METRICS_TOKEN,
  LOG_LEVEL: ServerVariables.shape.LOG_LEVEL,
  NODE_ENV: optional(ModeValue, "development", "`production` writes the log as JSON lines."),
})

/** Documentation of the server's variables, for `docs/configuration.md`. */
export const serverVariables = documentationOf(ServerVariables)

/** Documentation of the sidekick's variables, for `docs/configuration.md`. */
export const sidekickVariables = documentationOf(SidekickVariables)

/** A variable with a default, given as one would write it: it is parsed like any other value. */
function withDefault<Schema extends z.ZodType>(schema: Schema, value: string, description: string) {
  return schema.prefault(value as z.input<Schema>).meta({ description, default: value })
}

/** A variable that may be unset; `fallback` describes what happens then. */
function optional<Schema extends z.ZodType>(schema: Schema, fallback: string, description: string) {
  return schema.optional().meta({ description, default: fallback })
}

/** A variable that must be set. */
function required<Schema extends z.ZodType>(schema: Schema, description: string): Schema {
  return schema.meta({ description, default: "required" })
}

function documentationOf({ shape }: z.ZodObject): ConfigVariable[] {
  return Object.entries(shape).map(([name, schema]) => {
    const { description, default: fallback } = (schema as z.ZodType).meta() ?? {}
    return { name, default: String(fallback), description: String(description) }
  })
}
