import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { z } from "zod"

/** So many in such a time; `null` turns the limit off. */
export type Limit = { count: number; windowMs: number } | null

/** Where the bytes of files are: a folder, or a bucket that speaks S3. */
export type StorageConfig = { folder: string } | S3Config

/** A bucket of an S3, and how to get in. */
export interface S3Config {
  bucket: string
  /** Before all keys, such as `chat/`; empty for the whole bucket. */
  prefix: string
  endpoint?: string
  region?: string
  accessKeyId: string
  secretAccessKey: string
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000 } as const

const Limit = z
  .string()
  .regex(/^(off|[1-9]\d{0,8}\/[1-9]\d{0,5}[smh])$/, "a count and a window such as 10/10s, or off")
  .transform((text): Limit => {
    const [, count, length, unit] = text.match(/^(\d+)\/(\d+)([smh])$/) ?? []
    return count
      ? { count: Number(count), windowMs: Number(length) * unitMs[unit as keyof typeof unitMs] }
      : null
  })

const unitBytes = { "": 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const

const Bytes = z
  .string()
  .regex(/^[1-9]\d{0,8}(KB|MB|GB)?$/, "a size such as 10MB")
  .transform((text) => {
    const [, count, unit = ""] = text.match(/^(\d+)(\w*)$/) ?? []
    return Number(count) * unitBytes[unit as keyof typeof unitBytes]
  })

const Flag = z.enum(["true", "false"], "true or false").transform((text) => text === "true")

/** Another database's address is none of a file; `C:` is. */
const isFile = (url: string) => !/^\w{2,}:/.test(url) || /^file:./.test(url)

const port = "a port, 0 to 65535"
const logLevels = ["debug", "info", "warn", "error", "silent"] as const

const minSecretLength = 32
const secret = `at least ${minSecretLength} characters`
const Secret = z.string(secret).min(minSecretLength, secret)
/** One that travels in a header. */
const bearer = `${secret}, ASCII and without spaces`
const BearerSecret = z.string(bearer).regex(/^[!-~]{32,}$/, bearer)

const Address = z.url({ protocol: /^https?$/, error: "an address such as https://chat.example.org" })

const Environment = z.object({
  /** Where it listens; 0 picks a free port. */
  PORT: z.coerce.number(port).int(port).min(0, port).max(65_535, port).default(3000),
  HOST: z.string().default("0.0.0.0"),
  /** Path of the SQLite file, made where it is missing. */
  DATABASE_URL: z
    .string()
    .trim()
    .min(1, "the path of an SQLite file")
    .refine(isFile, "the path of an SQLite file")
    .default("data/chat.db"),
  /** Where files that people send are kept: a folder, or `s3://bucket/prefix`. Unset: `files` beside the database. */
  FILES_URL: z
    .string()
    .refine(
      (url) => !/^\w+:\/\//.test(url) || /^(file:\/\/.|s3:\/\/[^/])/.test(url),
      "the path of a folder, or s3://bucket/prefix",
    )
    .optional(),
  /** Of an S3: where it is, when it is not Amazon's, and how to get in. */
  S3_ENDPOINT: z.url({ protocol: /^https?$/, error: "an address such as https://s3.example.org" }).optional(),
  S3_REGION: z.string().optional(),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  /** Largest file. */
  MAX_FILE_SIZE: Bytes.refine((bytes) => bytes <= 100 * unitBytes.MB, "at most 100MB").default(
    10 * unitBytes.MB,
  ),
  /** All files of one person together. */
  FILES_PER_PERSON: Bytes.default(unitBytes.GB),
  /** Files per person. */
  RATE_LIMIT_FILES: Limit.default({ count: 100, windowMs: 600_000 }),
  /** The address people use. Decides cookies' `Secure` and the accepted origin; unset: the request's host. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: "an address such as https://chat.example.org" })
    .transform((url) => new URL(url).origin)
    .optional(),
  /** Signs cookies. Unset: made once and kept beside the database. */
  AUTH_SECRET: Secret.optional(),
  /** A sidekick of its own that holds the programs' sockets, and what both of them know. Unset: this process does. */
  SIDEKICK_URL: Address.refine(
    isOrigin,
    "an address without a path, such as http://10.0.0.2:3001",
  ).optional(),
  SIDEKICK_SECRET: BearerSecret.optional(),
  /** alice and bob, a server "Lobby" both are in, a channel "general". */
  SEED: Flag.optional(),
  /** Per person and channel. */
  RATE_LIMIT_MESSAGES: Limit.default({ count: 10, windowMs: 10_000 }),
  /** Wrong passwords per account and per address, new accounts per address. */
  RATE_LIMIT_LOGINS: Limit.default({ count: 10, windowMs: 600_000 }),
  /** Ask pages that people link to what they say of themselves, and show it. */
  LINK_PREVIEWS: z
    .enum(["on", "off"], "on or off")
    .transform((text) => text === "on")
    .default(true),
  /** Behind a proxy of one's own: people's addresses, for limits, come from its `X-Forwarded-For`. */
  TRUST_PROXY: Flag.default(false),
  LOG_LEVEL: z.enum(logLevels, `one of ${logLevels.join(", ")}`).default("info"),
  NODE_ENV: z.string().optional(),
})

const Storage = Environment.pick({
  FILES_URL: true,
  S3_ENDPOINT: true,
  S3_REGION: true,
  S3_ACCESS_KEY_ID: true,
  S3_SECRET_ACCESS_KEY: true,
})

export type Config = ReturnType<typeof parseConfig>

/**
 * The settings, from the environment. Throws an Error whose message names each wrong variable, what was
 * wrong and what would be right.
 */
export function parseConfig(environment: Record<string, string | undefined>) {
  const data = read(
    Environment.superRefine(({ SIDEKICK_URL, SIDEKICK_SECRET }, { addIssue }) => {
      const missing = !SIDEKICK_URL && SIDEKICK_SECRET ? "SIDEKICK_URL" : "SIDEKICK_SECRET"
      const other = missing === "SIDEKICK_URL" ? "SIDEKICK_SECRET" : "SIDEKICK_URL"
      if (!SIDEKICK_URL === !SIDEKICK_SECRET) return
      addIssue({ code: "custom", path: [missing], message: `given where ${other} is` })
    }),
    environment,
  )
  const production = data.NODE_ENV === "production"
  const databasePath = pathOf(data.DATABASE_URL)
  return {
    port: data.PORT,
    host: data.HOST,
    databasePath,
    storage: storageOf(data, databasePath),
    maxFileBytes: data.MAX_FILE_SIZE,
    maxBytesPerPerson: data.FILES_PER_PERSON,
    fileLimit: data.RATE_LIMIT_FILES,
    publicOrigin: data.PUBLIC_URL,
    secureCookies: data.PUBLIC_URL?.startsWith("https:") ?? false,
    authSecret: data.AUTH_SECRET ?? keptSecret(databasePath),
    sidekick:
      data.SIDEKICK_URL && data.SIDEKICK_SECRET
        ? { url: new URL(data.SIDEKICK_URL).origin, secret: data.SIDEKICK_SECRET }
        : null,
    seed: data.SEED ?? !production,
    messageLimit: data.RATE_LIMIT_MESSAGES,
    loginLimit: data.RATE_LIMIT_LOGINS,
    linkPreviews: data.LINK_PREVIEWS,
    trustProxy: data.TRUST_PROXY,
    logLevel: data.LOG_LEVEL,
    production,
  }
}

const SidekickEnvironment = Environment.pick({
  HOST: true,
  PUBLIC_URL: true,
  LOG_LEVEL: true,
  NODE_ENV: true,
}).extend({
  PORT: Environment.shape.PORT.removeDefault().default(3001),
  /** What it and the server know, and nobody else. */
  SIDEKICK_SECRET: BearerSecret,
  /** What it shows to the server, where that is another secret. */
  SIDEKICK_SERVER_SECRET: BearerSecret.optional(),
  /** The server that it holds the sockets for; without a path, where this project's server has its API. */
  SIDEKICK_SERVER_URL: Address,
  /** With a server that cannot say who may listen to what: let everybody listen to everything. */
  SIDEKICK_OPEN_RESOURCES: Flag.default(false),
  /** Most sockets at a time. */
  SIDEKICK_MAX_SOCKETS: z.coerce
    .number("a number")
    .int("a whole number")
    .min(1, "at least 1")
    .default(20_000),
})

export type SidekickConfig = ReturnType<typeof parseSidekickConfig>

/** The settings of a sidekick that is a process of its own. Throws as `parseConfig`. */
export function parseSidekickConfig(environment: Record<string, string | undefined>) {
  const data = read(SidekickEnvironment, environment)
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
    logLevel: data.LOG_LEVEL,
    production: data.NODE_ENV === "production",
  }
}

/** Where the database is, for commands that need nothing else and must make no secret. Throws as `parseConfig`. */
export function databasePathOf(environment: Record<string, string | undefined> = process.env): string {
  const { DATABASE_URL } = Environment.pick({ DATABASE_URL: true }).parse({
    DATABASE_URL: environment.DATABASE_URL || undefined,
  })
  return pathOf(DATABASE_URL)
}

/** Where the files are, for commands that need nothing else. Throws as `parseConfig`. */
export function storageConfigOf(
  environment: Record<string, string | undefined> = process.env,
): StorageConfig {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""))
  return storageOf(Storage.parse(set), databasePathOf(environment))
}

function storageOf(data: z.infer<typeof Storage>, databasePath: string): StorageConfig {
  const { FILES_URL: url, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = data
  if (!url) return { folder: join(dirname(databasePath), "files") }
  if (!url.startsWith("s3://")) return { folder: pathOf(url) }
  if (!accessKeyId || !secretAccessKey) {
    throw new Error("FILES_URL names an S3: S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must say how to get in")
  }

  const [bucket = "", ...folders] = url.slice("s3://".length).split("/")
  const prefix = folders
    .filter((folder) => folder !== "")
    .map((folder) => `${folder}/`)
    .join("")
  return {
    bucket,
    prefix,
    endpoint: data.S3_ENDPOINT,
    region: data.S3_REGION,
    accessKeyId,
    secretAccessKey,
  }
}

function read<Schema extends z.ZodType>(
  schema: Schema,
  environment: Record<string, string | undefined>,
): z.output<Schema> {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""))
  const parsed = schema.safeParse(set)
  if (parsed.success) return parsed.data

  const wrong = parsed.error.issues.map(({ path, message }) => {
    const name = String(path[0])
    // What is printed ends up in logs, where not even half a secret should be.
    const given = /SECRET/.test(name) ? name : `${name}=${set[name]}`
    return set[name] === undefined
      ? `${name} is not set: it must be ${message}`
      : `${given} is not valid: it must be ${message}`
  })
  throw new Error(wrong.join("\n"))
}

/** What is no address at all is told so already. */
function isOrigin(url: string): boolean {
  return !/^https?:\/\//.test(url) || !URL.canParse(url) || new URL(url).href === `${new URL(url).origin}/`
}

function pathOf(url: string): string {
  return url.replace(/^file:(\/\/)?/, "")
}

/** A secret that outlives restarts, so that people stay signed in. */
function keptSecret(databasePath: string): string {
  const path = join(dirname(databasePath), "auth-secret")
  try {
    const kept = existsSync(path) ? readFileSync(path, "utf8").trim() : ""
    // What is shorter was cut off as it was written, on a full disk for one: anyone could guess it.
    if (kept.length >= minSecretLength) return kept

    mkdirSync(dirname(path), { recursive: true })
    const made = crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: "base64url" })
    writeFileSync(path, made, { mode: 0o600 })
    return made
  } catch (error) {
    const cause = error instanceof Error ? error.message : error
    throw new Error(`DATABASE_URL=${databasePath} is not valid: its folder cannot be used (${cause})`)
  }
}
