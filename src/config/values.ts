import { z } from "zod"

/** A rate limit: at most `count` in `windowMs`; `null` is no limit. */
export type RateLimitConfig = { count: number; windowMs: number } | null

const unitMs = { s: 1000, m: 60_000, h: 3_600_000 } as const

/** A rate limit such as `10/10s`, or `off`. */
export const RateLimitValue = z
  .string()
  .regex(/^(off|[1-9]\d{0,8}\/[1-9]\d{0,5}[smh])$/, "a count and a window such as 10/10s, or off")
  .transform((text): RateLimitConfig => {
    const [, count, length, unit] = text.match(/^(\d+)\/(\d+)([smh])$/) ?? []
    return count
      ? { count: Number(count), windowMs: Number(length) * unitMs[unit as keyof typeof unitMs] }
      : null
  })

const unitBytes = { "": 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const

/** Bytes in one megabyte. */
export const megabyte = unitBytes.MB

/** A size such as `10MB`, in bytes. */
export const SizeValue = z
  .string()
  .regex(/^[1-9]\d{0,8}(KB|MB|GB)?$/, "a size such as 10MB")
  .transform((text) => {
    const [, count, unit = ""] = text.match(/^(\d+)(\w*)$/) ?? []
    return Number(count) * unitBytes[unit as keyof typeof unitBytes]
  })

/** `true` or `false`. */
export const FlagValue = z.enum(["true", "false"], "true or false").transform((text) => text === "true")

/** `on` or `off`. */
export const SwitchValue = z.enum(["on", "off"], "on or off").transform((text) => text === "on")

const countRule = "a whole number of at least 1, or off"

/** A limit of a number at once; `off` is `null`. */
export const CountValue = z
  .string()
  .regex(/^(off|[1-9]\d{0,6})$/, countRule)
  .transform((text) => (text === "off" ? null : Number(text)))

const portRule = "a port, 0 to 65535"

/** A whole number in digits. `Number` would read blanks as 0. */
const wholeNumber = (rule: string, { min, max }: { min: number; max: number }) =>
  z
    .string(rule)
    .regex(/^\d{1,9}$/, rule)
    .transform(Number)
    .refine((number) => number >= min && number <= max, rule)

/** A TCP port. */
export const PortValue = wholeNumber(portRule, { min: 0, max: 65_535 })

const daysRule = "a whole number of days, 1 to 3650"

/** A time in days. */
export const DaysValue = wholeNumber(daysRule, { min: 1, max: 3650 })

const maxDrainSeconds = 600
const drainRule = `a whole number of seconds, 0 to ${maxDrainSeconds}`

/** How long a server that stops still serves requests, in seconds. */
export const DrainValue = wholeNumber(drainRule, { min: 0, max: maxDrainSeconds })

/** An http or https URL. */
export const UrlValue = z.url({ protocol: /^https?$/, error: "a URL such as https://chat.example.org" })

/** A mail server. */
export const SmtpValue = z.url({
  protocol: /^smtps?$/,
  error: "a URL such as smtps://name:password@mail.example.org",
})

/** The sender of e-mail: an address, with a name or without. */
export const SenderValue = z
  .string()
  .regex(
    /^([^<>@\r\n]+ <[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/,
    "an address such as Chat <chat@example.org>",
  )

/** Shortest secret, in characters. */
export const minSecretLength = 32
const secretRule = `at least ${minSecretLength} characters`

/** A secret. */
export const SecretValue = z.string(secretRule).min(minSecretLength, secretRule)

const bearerRule = `${secretRule}, ASCII and without spaces`

/** A secret that is sent in an HTTP header. */
export const BearerSecretValue = z.string(bearerRule).regex(/^[!-~]{32,}$/, bearerRule)

/** The contact of the operator: an e-mail address or a page. */
export const ContactValue = z
  .string()
  .regex(/^(mailto:[^\s<>@]+@[^\s<>@]+|https:\/\/[^\s<>]+)$/, "mailto:security@example.org or an https URL")

const logLevels = ["debug", "info", "warn", "error", "silent"] as const

/** The least severe level that is logged. */
export const LogLevelValue = z.enum(logLevels, `one of ${logLevels.join(", ")}`)

const databaseRule = "the path of an SQLite file, or postgres://user:password@host/database"
/** Whether it is no URL of another kind of database. `C:` is a drive, not a protocol. */
const isPath = (url: string) => !/^\w{2,}:/.test(url) || /^file:./.test(url)

/** Whether it is the URL of a Postgres database. */
export const isPostgresUrl = (url: string) => /^postgres(ql)?:\/\/[^/]/.test(url)

/** The path of an SQLite file, maybe as a `file:` URL, or the URL of a Postgres database. */
export const DatabaseValue = z
  .string()
  .trim()
  .min(1, databaseRule)
  .refine((url) => isPath(url) || (isPostgresUrl(url) && URL.canParse(url)), databaseRule)

/** The URL of a Redis database. */
export const RedisValue = z.url({ protocol: /^rediss?$/, error: "a URL such as redis://:password@host:6379" })

/** The path of a folder, maybe as a `file://` URL, or `s3://bucket/prefix`. */
export const FilesValue = z
  .string()
  .refine(
    (url) => !/^\w+:\/\//.test(url) || /^(file:\/\/.|s3:\/\/[^/])/.test(url),
    "the path of a folder, or s3://bucket/prefix",
  )

/** The URL of a sidekick, without a path. */
export const SidekickUrlValue = UrlValue.refine(
  isOrigin,
  "a URL without a path, such as http://10.0.0.2:3001",
)

/** The URL that users open: the chat does not work below a path. Becomes the origin. */
export const PublicUrlValue = UrlValue.refine(
  isOrigin,
  "a URL without a path, such as https://chat.example.org",
).transform((url) => new URL(url).origin)

const modes = ["production", "development", "test"] as const

/** What the process runs for. A misspelled `production` would start with the seed's accounts. */
export const ModeValue = z.enum(modes, `one of ${modes.join(", ")}`)

/** What is no URL at all gets the message of `UrlValue` alone. */
function isOrigin(url: string): boolean {
  return !/^https?:\/\//.test(url) || !URL.canParse(url) || new URL(url).href === `${new URL(url).origin}/`
}

/** The path in a `file:` URL, or the text itself. */
export function pathOf(url: string): string {
  return url.replace(/^file:(\/\/)?/, "")
}

const hostsRule = "names of hosts, such as auth.lan or 10.0.0.5:8443, separated by commas"
const host = /^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:[1-9]\d{0,4})?$/

/** Names or IPs of hosts, each with a port or for all ports. */
export const HostsValue = z
  .string()
  .transform((text) =>
    text
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean),
  )
  .refine((hosts) => hosts.every((name) => host.test(name)), hostsRule)
