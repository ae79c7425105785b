import { asc, eq, getTableColumns } from "drizzle-orm"
import {
  accounts,
  emailAddresses,
  inboxItems,
  passkeys,
  profiles,
  pushSubscriptions,
  reminders,
  scheduledMessages,
  threadFollows,
  userNotes,
  users,
} from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { filesOfScheduled } from "../scheduled-messages/files.ts"
import { filePath } from "./stored-files.ts"

// What is stored about a person and belongs into their archive. Nothing that lets anyone sign in: no hashes, no tokens.

export async function findAccountData(db: Db, userId: string) {
  const account = await db
    .select({
      id: users.id,
      username: users.username,
      displayName: users.displayName,
      presence: users.presence,
      isAdministrator: users.isAdministrator,
      createdAt: users.createdAt,
    })
    .from(users)
    .where(eq(users.id, userId))
    .get()
  const email = await db
    .select({ address: emailAddresses.address, verifiedAt: emailAddresses.verifiedAt })
    .from(emailAddresses)
    .where(eq(emailAddresses.userId, userId))
    .get()
  const stored = await db
    .select({
      bio: profiles.bio,
      pronouns: profiles.pronouns,
      statusText: profiles.statusText,
      statusEmoji: profiles.statusEmoji,
      statusExpiresAt: profiles.statusExpiresAt,
      updatedAt: profiles.updatedAt,
    })
    .from(profiles)
    .where(eq(profiles.userId, userId))
    .get()
  return { account: { ...account, email: email ?? null }, profile: stored ?? null }
}

/** By size, the keys of a person's picture in the file store. */
export async function findAvatarKeys(db: Db, userId: string): Promise<Record<string, string>> {
  const found = await db
    .select({ keys: profiles.avatarKeys })
    .from(profiles)
    .where(eq(profiles.userId, userId))
    .get()
  return found?.keys ?? {}
}

/** What somebody noted about others. */
export async function listNotes(db: Db, userId: string) {
  return db
    .select({
      userId: userNotes.aboutId,
      username: users.username,
      text: userNotes.text,
      updatedAt: userNotes.updatedAt,
    })
    .from(userNotes)
    .innerJoin(users, eq(users.id, userNotes.aboutId))
    .where(eq(userNotes.userId, userId))
    .orderBy(asc(userNotes.updatedAt), asc(userNotes.aboutId))
    .all()
}

export async function listPasskeyNames(db: Db, userId: string) {
  return db
    .select({ name: passkeys.name, createdAt: passkeys.createdAt, lastUsedAt: passkeys.lastUsedAt })
    .from(passkeys)
    .where(eq(passkeys.userId, userId))
    .all()
}

/** A user's inbox: open and done items. */
export function inboxPage(db: Db, userId: string, limit: number, offset: number) {
  const { userId: _, ...columns } = getTableColumns(inboxItems)
  return db
    .select(columns)
    .from(inboxItems)
    .where(eq(inboxItems.userId, userId))
    .orderBy(asc(inboxItems.at), asc(inboxItems.messageId), asc(inboxItems.reason))
    .limit(limit)
    .offset(offset)
    .all()
}

/** The threads that somebody follows, and those that they stopped following. */
export function listFollows(db: Db, userId: string) {
  const { userId: _, ...columns } = getTableColumns(threadFollows)
  return db
    .select(columns)
    .from(threadFollows)
    .where(eq(threadFollows.userId, userId))
    .orderBy(asc(threadFollows.updatedAt), asc(threadFollows.channelId))
    .all()
}

/** Where somebody has an account that signs them in here. */
export async function listProviderAccounts(db: Db, userId: string) {
  return db
    .select({ providerId: accounts.providerId, createdAt: accounts.createdAt })
    .from(accounts)
    .where(eq(accounts.userId, userId))
    .all()
}

/** Devices that get push notices: what they are sent with stays here. */
export async function listPushDeviceNames(db: Db, userId: string) {
  return db
    .select({
      name: pushSubscriptions.name,
      createdAt: pushSubscriptions.createdAt,
      lastSentAt: pushSubscriptions.lastSentAt,
    })
    .from(pushSubscriptions)
    .where(eq(pushSubscriptions.userId, userId))
    .all()
}

/** Messages that somebody was or will be reminded of. */
export async function listReminderData(db: Db, userId: string) {
  return db
    .select({
      messageId: reminders.messageId,
      channelId: reminders.channelId,
      dueAt: reminders.dueAt,
      note: reminders.note,
      createdAt: reminders.createdAt,
    })
    .from(reminders)
    .where(eq(reminders.userId, userId))
    .orderBy(asc(reminders.dueAt), asc(reminders.id))
    .all()
}

/** A user's scheduled messages. What was sent has its files in the message. */
export async function listScheduledData(db: Db, userId: string) {
  const files = await filesOfScheduled(db, userId)
  const rows = await db
    .select({
      id: scheduledMessages.id,
      channelId: scheduledMessages.channelId,
      content: scheduledMessages.content,
      dueAt: scheduledMessages.dueAt,
      sentAt: scheduledMessages.sentAt,
      failure: scheduledMessages.failure,
      createdAt: scheduledMessages.createdAt,
    })
    .from(scheduledMessages)
    .where(eq(scheduledMessages.userId, userId))
    .orderBy(asc(scheduledMessages.dueAt), asc(scheduledMessages.id))
    .all()
  return rows.map((row) => ({
    ...row,
    attachments: (files.get(row.id) ?? []).map((file) => ({ ...file, file: filePath(file) })),
  }))
}
