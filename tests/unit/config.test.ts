import { afterAll, describe, expect, test } from "bun:test"
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseConfig, serverVariables, sidekickVariables } from "../../src/config.ts"

const folder = mkdtempSync(join(tmpdir(), "covenant-config-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const secret = "a secret that is only used in tests"
/** Parses with a secret, so that none is created beside the database. */
const parse = (environment: Record<string, string | undefined>) =>
  parseConfig({ AUTH_SECRET: secret, ...environment })

const databaseRule = "the path of an SQLite file, or postgres://user:password@host/database"

test("every variable has a default", () => {
  expect(parse({})).toEqual({
    port: 3000,
    host: "0.0.0.0",
    database: { path: "data/chat.db" },
    databasePath: "data/chat.db",
    storage: { folder: "data/files" },
    maxFileBytes: 10_485_760,
    maxBytesPerPerson: 1_073_741_824,
    fileLimit: { count: 100, windowMs: 600_000 },
    publicOrigin: undefined,
    secureCookies: false,
    authSecret: secret,
    sidekick: null,
    seed: true,
    messageLimit: { count: 10, windowMs: 10_000 },
    loginLimit: { count: 10, windowMs: 600_000 },
    connections: { perPerson: 50, perAddress: 2000 },
    privateProviderHosts: [],
    privatePushHosts: [],
    auditLogDays: 45,
    instanceLogDays: 365,
    mail: null,
    linkPreviews: true,
    trustProxy: false,
    drainSeconds: 0,
    logLevel: "info",
    production: false,
    metricsToken: undefined,
    securityContact: undefined,
    version: expect.any(String),
    explained: expect.any(Array),
  })
})

test("an empty variable counts as not set", () => {
  expect(parse({ PORT: "", HOST: "", SEED: "", PUBLIC_URL: "", LOG_LEVEL: "" })).toEqual(parse({}))
})

test("production disables the seed unless SEED is true", () => {
  expect(parse({ NODE_ENV: "production" })).toMatchObject({ seed: false, production: true })
  expect(parse({ NODE_ENV: "production", SEED: "true" }).seed).toBe(true)
  expect(parse({ SEED: "false" }).seed).toBe(false)
})

test("a rate limit is a count and a window, or off", () => {
  const limits = (RATE_LIMIT_MESSAGES: string) => parse({ RATE_LIMIT_MESSAGES }).messageLimit

  expect(limits("5/2s")).toEqual({ count: 5, windowMs: 2000 })
  expect(limits("5/2m")).toEqual({ count: 5, windowMs: 120_000 })
  expect(limits("5/2h")).toEqual({ count: 5, windowMs: 7_200_000 })
  expect(limits("off")).toBeNull()
  expect(parse({ RATE_LIMIT_LOGINS: "off" })).toMatchObject({
    loginLimit: null,
    messageLimit: { count: 10, windowMs: 10_000 },
  })
})

test("an https PUBLIC_URL makes cookies secure", () => {
  const https = parse({ PUBLIC_URL: "https://chat.example.org/" })
  const http = parse({ PUBLIC_URL: "http://localhost:8080" })

  expect(https).toMatchObject({ publicOrigin: "https://chat.example.org", secureCookies: true })
  expect(http).toMatchObject({ publicOrigin: "http://localhost:8080", secureCookies: false })
})

test("the database path may be a file URL", () => {
  expect(parse({ DATABASE_URL: "file:///var/chat.db" }).databasePath).toBe("/var/chat.db")
  expect(parse({ DATABASE_URL: "file:data/chat.db" }).databasePath).toBe("data/chat.db")
})

describe("a Postgres database", () => {
  const postgres = { DATABASE_URL: "postgres://chat:hunter2@db/chat", FILES_URL: "/srv/shared" }

  test("is for one server, or with Redis for several", () => {
    const REDIS_URL = "redis://cache:6379"

    expect(parse(postgres).database).toEqual({ url: postgres.DATABASE_URL, redisUrl: null })
    expect(parse({ ...postgres, REDIS_URL }).database).toEqual({
      url: postgres.DATABASE_URL,
      redisUrl: REDIS_URL,
    })
  })

  test("requires what all servers must have in common", () => {
    const { DATABASE_URL, FILES_URL } = postgres

    expect(() => parseConfig({ DATABASE_URL })).toThrow(
      /^AUTH_SECRET is not set: .*set with Postgres.*\nFILES_URL is not set: .*share$/,
    )
    expect(() => parseConfig({ DATABASE_URL, FILES_URL })).toThrow(/^AUTH_SECRET is not set/)
  })

  test("refuses Redis with SQLite, and a sidekick that would serve several servers", () => {
    const REDIS_URL = "redis://cache:6379"
    const sidekick = { SIDEKICK_URL: "http://sidekick:3001", SIDEKICK_SECRET: "x".repeat(32) }

    expect(() => parse({ REDIS_URL })).toThrow(/^REDIS_URL=.* must be unset with SQLite/)
    expect(() => parse({ ...postgres, REDIS_URL, ...sidekick })).toThrow(
      /^SIDEKICK_URL=.* must be unset with REDIS_URL: it serves one server only$/,
    )
    expect(parse({ ...postgres, ...sidekick }).sidekick).not.toBeNull()
  })

  test("its password is in no message", () => {
    const wrong = () => parse({ REDIS_URL: "redis://:hunter2@cache:6379" })

    expect(wrong).toThrow("REDIS_URL=redis://:***@cache:6379 is not valid")
  })
})

test("files are stored beside the database, in another folder, or in S3", () => {
  const access = { S3_ACCESS_KEY_ID: "id", S3_SECRET_ACCESS_KEY: "hunter2" }

  expect(parse({ DATABASE_URL: "/var/chat.db" }).storage).toEqual({ folder: "/var/files" })
  expect(parse({ FILES_URL: "/srv/files" }).storage).toEqual({ folder: "/srv/files" })
  expect(parse({ FILES_URL: "s3://bucket/chat/", ...access }).storage).toMatchObject({
    bucket: "bucket",
    prefix: "chat/",
    accessKeyId: "id",
  })
  expect(() => parse({ FILES_URL: "s3://bucket" })).toThrow(/S3_ACCESS_KEY_ID .* must be set/)
  expect(() => parse({ FILES_URL: "https://example.org" })).toThrow(/^FILES_URL=https/)
})

test("a size may have a unit", () => {
  const size = (MAX_FILE_SIZE: string) => parse({ MAX_FILE_SIZE }).maxFileBytes

  expect([size("2048"), size("3KB"), size("25MB")]).toEqual([2048, 3072, 26_214_400])
})

describe("a wrong value stops the start with a sentence that names it", () => {
  test.each([
    { name: "PORT", value: "lots", right: "a port, 0 to 65535" },
    { name: "PORT", value: "65536", right: "a port, 0 to 65535" },
    { name: "PORT", value: "-1", right: "a port, 0 to 65535" },
    { name: "PORT", value: "80.5", right: "a port, 0 to 65535" },
    { name: "PORT", value: " ", right: "a port, 0 to 65535" },
    { name: "DATABASE_URL", value: "sqlite:chat.db", right: databaseRule },
    { name: "DATABASE_URL", value: "postgres:///chat", right: databaseRule },
    { name: "DATABASE_URL", value: " ", right: databaseRule },
    { name: "REDIS_URL", value: "localhost:6379", right: "a URL such as redis://:password@host:6379" },
    { name: "PUBLIC_URL", value: "chat.example.org", right: "a URL such as https://chat.example.org" },
    {
      name: "PUBLIC_URL",
      value: "ftp://chat.example.org",
      right: "a URL such as https://chat.example.org",
    },
    {
      name: "PUBLIC_URL",
      value: "https://example.org/chat",
      right: "a URL without a path, such as https://chat.example.org",
    },
    { name: "NODE_ENV", value: "prod", right: "one of production, development, test" },
    { name: "SEED", value: "yes", right: "true or false" },
    { name: "RATE_LIMIT_MESSAGES", value: "10", right: "a count and a window such as 10/10s, or off" },
    { name: "RATE_LIMIT_MESSAGES", value: "0/10s", right: "a count and a window such as 10/10s, or off" },
    { name: "RATE_LIMIT_MESSAGES", value: "10/0s", right: "a count and a window such as 10/10s, or off" },
    { name: "RATE_LIMIT_LOGINS", value: "10/10d", right: "a count and a window such as 10/10s, or off" },
    { name: "MAX_FILE_SIZE", value: "big", right: "a size such as 10MB" },
    { name: "MAX_FILE_SIZE", value: "1GB", right: "at most 100MB" },
    { name: "DRAIN_SECONDS", value: "-1", right: "a whole number of seconds, 0 to 600" },
    { name: "DRAIN_SECONDS", value: "30s", right: "a whole number of seconds, 0 to 600" },
    { name: "LOG_LEVEL", value: "loud", right: "one of debug, info, warn, error, silent" },
  ])("$name=$value", ({ name, value, right }) => {
    expect(() => parse({ [name]: value })).toThrow(
      new Error(`${name}=${value} is not valid: it must be ${right}`),
    )
  })

  test("a short secret as well, without repeating it", () => {
    expect(() => parse({ AUTH_SECRET: "hunter2" })).toThrow(
      new Error("AUTH_SECRET is not valid: it must be at least 32 characters"),
    )
    expect(() => parse({ METRICS_TOKEN: "hunter2" })).toThrow(
      new Error("METRICS_TOKEN is not valid: it must be at least 32 characters, ASCII and without spaces"),
    )
  })

  test.each([
    [{ DATABASE_URL: "postgres://chat:hun/ter2@db:x/chat" }, "DATABASE_URL=postgres://chat:***@db:x/chat"],
    [{ SMTP_URL: "chat:hunter2@mail.example.org" }, "SMTP_URL=chat:***@mail.example.org"],
    [
      { SMTP_URL: "smtps://hunter2:25@x@mail.example.org:a" },
      "SMTP_URL=smtps://hunter2:***@mail.example.org:a",
    ],
  ])("a wrong URL as well, without its password: %j", (environment, shown) => {
    expect(() => parse(environment)).toThrow(`${shown} is not valid`)
  })

  test("all wrong values at once, one line each", () => {
    expect(() => parse({ PORT: "lots", SEED: "yes" })).toThrow(/^PORT=lots .*\nSEED=yes .*$/)
  })
})

test("a missing secret is created, readable only by its owner, and found again", () => {
  const DATABASE_URL = join(folder, "new", "chat.db")

  const first = parseConfig({ DATABASE_URL })
  const again = parseConfig({ DATABASE_URL })
  const elsewhere = parseConfig({ DATABASE_URL: join(folder, "other", "chat.db") })

  expect(first.authSecret.length).toBeGreaterThanOrEqual(32)
  expect(again.authSecret).toBe(first.authSecret)
  expect(elsewhere.authSecret).not.toBe(first.authSecret)
  expect(statSync(join(folder, "new", "auth-secret")).mode & 0o777).toBe(0o600)
})

test("a truncated secret file is replaced", () => {
  const DATABASE_URL = join(folder, "cut", "chat.db")
  parseConfig({ DATABASE_URL })
  writeFileSync(join(folder, "cut", "auth-secret"), "")

  const { authSecret } = parseConfig({ DATABASE_URL })

  expect(authSecret.length).toBeGreaterThanOrEqual(32)
  expect(parseConfig({ DATABASE_URL }).authSecret).toBe(authSecret)
})

test("an unusable folder is reported under the variable that names it", () => {
  expect(() => parseConfig({ DATABASE_URL: "/dev/null/chat.db" })).toThrow(
    /^DATABASE_URL=\/dev\/null\/chat\.db is not/,
  )
})

describe("the documentation", () => {
  test.each([...serverVariables, ...sidekickVariables])("describes $name", (variable) => {
    expect(variable.default).not.toBe("undefined")
    expect(variable.description).toMatch(/^[A-Z`].*\.$/)
  })

  test("names every variable once, with a default as one would write it", () => {
    const names = serverVariables.map(({ name }) => name)
    const byName = Object.fromEntries(serverVariables.map(({ name, default: value }) => [name, value]))

    expect(new Set(names).size).toBe(names.length)
    expect(byName).toMatchObject({ PORT: "3000", RATE_LIMIT_LOGINS: "10/10m", MAX_FILE_SIZE: "10MB" })
    expect(sidekickVariables.filter((variable) => variable.default === "required")).toHaveLength(2)
  })
})

test("e-mail needs a server, a sender, and in production the address for its links", () => {
  const set = { SMTP_URL: "smtps://chat:s3cret@mail.example.org", MAIL_FROM: "Chat <chat@example.org>" }
  const parsed = parse(set)

  expect(parsed.mail).toEqual({ url: set.SMTP_URL, from: set.MAIL_FROM })
  expect(JSON.stringify(parsed.explained)).not.toContain("s3cret")
  expect(() => parse({ SMTP_URL: set.SMTP_URL })).toThrow("MAIL_FROM is not set")
  expect(() => parse({ MAIL_FROM: set.MAIL_FROM })).toThrow("SMTP_URL is not set")
  expect(() => parse({ ...set, NODE_ENV: "production" })).toThrow("PUBLIC_URL is not set")
  expect(() => parse({ ...set, MAIL_FROM: "two@example.org, three@example.org" })).toThrow("MAIL_FROM=")
})
