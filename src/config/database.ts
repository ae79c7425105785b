import type { z } from "zod"
import { isPostgresUrl, pathOf } from "./values.ts"
import { ServerVariables } from "./variables.ts"

/**
 * Where everything but files is stored: an SQLite file, which one process uses, or Postgres. With Redis any number of
 * processes use that Postgres at the same time, each a node of one chat.
 */
export type DatabaseConfig = { path: string } | { url: string; redisUrl: string | null }

/** The variables that must fit together. */
const DependentVariables = ServerVariables.pick({
  DATABASE_URL: true,
  REDIS_URL: true,
  AUTH_SECRET: true,
  FILES_URL: true,
  SIDEKICK_URL: true,
  SIDEKICK_SECRET: true,
  SMTP_URL: true,
  MAIL_FROM: true,
  PUBLIC_URL: true,
  NODE_ENV: true,
})
type DependentVariables = z.infer<typeof DependentVariables>

/** The database that the variables describe. */
export function databaseFrom({
  DATABASE_URL: url,
  REDIS_URL,
}: Pick<DependentVariables, "DATABASE_URL" | "REDIS_URL">): DatabaseConfig {
  return isPostgresUrl(url) ? { url, redisUrl: REDIS_URL ?? null } : { path: pathOf(url) }
}

/** The variables that are missing or cannot be set, each with what is right. */
export function conflictsOf(data: DependentVariables): { variable: string; right: string }[] {
  const { DATABASE_URL, REDIS_URL, AUTH_SECRET, FILES_URL, SIDEKICK_URL, SIDEKICK_SECRET } = data
  const conflicts: { variable: string; right: string }[] = []
  const expect = (holds: unknown, variable: string, right: string) => {
    if (!holds) conflicts.push({ variable, right })
  }

  const { SMTP_URL, MAIL_FROM, PUBLIC_URL, NODE_ENV } = data
  expect(MAIL_FROM || !SMTP_URL, "MAIL_FROM", "set when SMTP_URL is")
  expect(SMTP_URL || !MAIL_FROM, "SMTP_URL", "set when MAIL_FROM is")
  // Links in mails cannot take the host of a request: the client chooses it.
  const needsUrl = SMTP_URL && NODE_ENV === "production"
  expect(PUBLIC_URL || !needsUrl, "PUBLIC_URL", "set when SMTP_URL is: mails have links")
  expect(SIDEKICK_URL || !SIDEKICK_SECRET, "SIDEKICK_URL", "set when SIDEKICK_SECRET is")
  expect(SIDEKICK_SECRET || !SIDEKICK_URL, "SIDEKICK_SECRET", "set when SIDEKICK_URL is")
  if (isPostgresUrl(DATABASE_URL)) {
    expect(AUTH_SECRET, "AUTH_SECRET", "set with Postgres, to the same value for all servers")
    expect(FILES_URL, "FILES_URL", "set with Postgres: s3://bucket, or a folder that all servers share")
  } else expect(!REDIS_URL, "REDIS_URL", "unset with SQLite: only servers on Postgres can share their work")
  // It takes the batches of one server as a sequence, and would end everything whenever another one sends.
  expect(!(REDIS_URL && SIDEKICK_URL), "SIDEKICK_URL", "unset with REDIS_URL: it serves one server only")
  return conflicts
}
