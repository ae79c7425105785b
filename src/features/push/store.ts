import { and, asc, count, eq, sql } from "drizzle-orm"
import { notificationSettings, pushSubscriptions, sessions } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"

const ofSession = eq(sessions.id, pushSubscriptions.sessionId)

const columns = {
  id: pushSubscriptions.id,
  sessionId: pushSubscriptions.sessionId,
  endpoint: pushSubscriptions.endpoint,
  p256dh: pushSubscriptions.p256dh,
  auth: pushSubscriptions.auth,
  name: pushSubscriptions.name,
  createdAt: pushSubscriptions.createdAt,
  lastSentAt: pushSubscriptions.lastSentAt,
  lastStatus: pushSubscriptions.lastStatus,
}

const isOpen = sql`${sessions.expiresAt} > ${sql.placeholder("now")}`

const statements = prepare((db) => ({
  list: db
    .select(columns)
    .from(pushSubscriptions)
    .innerJoin(sessions, ofSession)
    .where(and(eq(pushSubscriptions.userId, sql.placeholder("userId")), isOpen))
    .orderBy(asc(pushSubscriptions.createdAt), asc(pushSubscriptions.id))
    .prepare(),
  find: db
    .select(columns)
    .from(pushSubscriptions)
    .innerJoin(sessions, ofSession)
    .where(
      and(
        eq(pushSubscriptions.id, sql.placeholder("id")),
        eq(pushSubscriptions.userId, sql.placeholder("userId")),
        isOpen,
      ),
    )
    .prepare(),
  isTextShown: db
    .select({ isTextShown: notificationSettings.isTextShown })
    .from(notificationSettings)
    .where(eq(notificationSettings.userId, sql.placeholder("userId")))
    .prepare(),
}))

/** Someone's devices whose sessions are open, oldest first. */
export async function listDevices(db: Db, userId: string, now: Date) {
  return statements(db).list.all({ userId, now: now.getTime() })
}

export type DeviceRow = Awaited<ReturnType<typeof listDevices>>[number]

/** A device of someone, unless its session has ended. */
export async function findDevice(db: Db, userId: string, id: string, now: Date) {
  return statements(db).find.get({ id, userId, now: now.getTime() })
}

export async function countDevices(db: Db, userId: string): Promise<number> {
  const ofUser = eq(pushSubscriptions.userId, userId)
  return (await db.select({ devices: count() }).from(pushSubscriptions).where(ofUser).get())?.devices ?? 0
}

type NewDevice = Pick<DeviceRow, "id" | "endpoint" | "p256dh" | "auth" | "name" | "createdAt"> & {
  userId: string
  sessionId: string
}

/**
 * Stores a device in place of the one with its endpoint: a browser has one, and somebody else may have signed in there.
 * What waits for that one goes with it.
 */
export async function insertDevice(tx: Tx, device: NewDevice): Promise<void> {
  await tx.delete(pushSubscriptions).where(eq(pushSubscriptions.endpoint, device.endpoint)).run()
  await tx.insert(pushSubscriptions).values(device).run()
}

const ofUser = (id: string, userId: string) =>
  and(eq(pushSubscriptions.id, id), eq(pushSubscriptions.userId, userId))

/** `false` when they have no such device. */
export async function renameDevice(tx: Tx, userId: string, id: string, name: string): Promise<boolean> {
  const renamed = tx.update(pushSubscriptions).set({ name }).where(ofUser(id, userId))
  return (await renamed.returning({ id: pushSubscriptions.id }).all()).length > 0
}

/** `false` when they have no such device. */
export async function deleteDevice(tx: Tx, userId: string, id: string): Promise<boolean> {
  const deleted = tx.delete(pushSubscriptions).where(ofUser(id, userId))
  return (await deleted.returning({ id: pushSubscriptions.id }).all()).length > 0
}

/** Whether someone's notices show what was written; yes, unless they chose otherwise. */
export async function findIsTextShown(db: Db, userId: string): Promise<boolean> {
  return (await statements(db).isTextShown.get({ userId }))?.isTextShown ?? true
}

export async function updateIsTextShown(tx: Tx, userId: string, isTextShown: boolean): Promise<void> {
  await tx
    .insert(notificationSettings)
    .values({ userId, isTextShown })
    .onConflictDoUpdate({ target: notificationSettings.userId, set: { isTextShown } })
    .run()
}

// For `exists` on devices: their session has ended.
const hasEnded = (now: Date) => sql`not exists (
  select 1 from ${sessions} where ${sessions.id} = ${pushSubscriptions.sessionId}
    and ${sessions.expiresAt} > ${now.getTime()})`

/** Are there devices whose session has ended? */
export async function hasEndedDevices(db: Db, now: Date): Promise<boolean> {
  const ended = db.select({ id: pushSubscriptions.id }).from(pushSubscriptions).where(hasEnded(now))
  return (await ended.limit(1).all()).length > 0
}

/** Deletes the devices whose session has ended. */
export async function deleteEndedDevices(tx: Tx, now: Date): Promise<void> {
  await tx.delete(pushSubscriptions).where(hasEnded(now)).run()
}
