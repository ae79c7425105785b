import { and, asc, count, eq, lte } from "drizzle-orm"
import { mails } from "../../../drizzle/schema.ts"
import type { Config } from "../../config.ts"
import type { Db, Tx } from "../../db/database.ts"
import { open, seal } from "../secret-box.ts"

type Secret = Pick<Config, "authSecret">

/** A message to one person. */
export interface Mail {
  to: string
  subject: string
  text: string
  html: string
  /** Further headers, such as `List-Unsubscribe`. */
  headers?: Record<string, string>
}

/** A message that waits. */
export interface WaitingMail {
  id: string
  /** `undefined` when it was sealed with another `AUTH_SECRET`. */
  mail: Mail | undefined
  failures: number
}

/** Stores a message until it is sent, encrypted: its link may be as good as a password. */
export async function insertMail(
  tx: Tx,
  config: Secret,
  { id, mail, dueAt }: { id: string; mail: Mail; dueAt: Date },
): Promise<void> {
  const sealed = seal(config, JSON.stringify(mail))
  await tx.insert(mails).values({ id, sealed, dueAt }).run()
}

export async function countMails(db: Db): Promise<number> {
  return (await db.select({ mails: count() }).from(mails).get())?.mails ?? 0
}

/** When the next message is to be tried; `undefined` when none waits. */
export async function findNextDue(db: Db): Promise<Date | undefined> {
  const next = await db.select({ dueAt: mails.dueAt }).from(mails).orderBy(asc(mails.dueAt)).limit(1).get()
  return next?.dueAt
}

/** Claims a due message until `until`. */
export async function takeDue(
  tx: Tx,
  config: Secret,
  { now, until }: { now: Date; until: Date },
): Promise<WaitingMail | undefined> {
  const isDue = lte(mails.dueAt, now)
  const next = await tx
    .select({ id: mails.id })
    .from(mails)
    .where(isDue)
    .orderBy(asc(mails.dueAt))
    .limit(1)
    .get()
  if (!next) return undefined
  const taken = await tx
    .update(mails)
    .set({ dueAt: until })
    .where(and(eq(mails.id, next.id), isDue))
    .returning()
    .get()
  if (!taken) return undefined
  const text = open(config, taken.sealed)
  return { id: taken.id, failures: taken.failures, mail: text === undefined ? undefined : JSON.parse(text) }
}

/** Has a message tried again. */
export async function postponeMail(
  tx: Tx,
  id: string,
  { failures, dueAt }: { failures: number; dueAt: Date },
): Promise<void> {
  await tx.update(mails).set({ failures, dueAt }).where(eq(mails.id, id)).run()
}

export async function deleteMail(tx: Tx, id: string): Promise<void> {
  await tx.delete(mails).where(eq(mails.id, id)).run()
}
