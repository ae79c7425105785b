import { asc, eq } from "drizzle-orm"
import { pollVotes, reactions, savedMessages } from "../../../drizzle/schema.ts"
import { listBlocked } from "../blocks/store.ts"
import { listBots } from "../bots/store.ts"
import { listFeeds } from "../feeds/store.ts"
import { findMember } from "../members/store.ts"
import { allLogs, authoredIn } from "../messages/log-windows.ts"
import { findStoredSettings, listChoices, listKeywords } from "../notification-levels/store.ts"
import { listOwnReports } from "../reports/store.ts"
import { listServers } from "../servers/store.ts"
import { listSessions } from "../sessions/store.ts"
import { defaultSettings } from "../settings/contract.ts"
import { findSettings } from "../settings/store.ts"
import { type Archive, fileName, jsonArray, paged } from "./archive.ts"
import { type AuthoredRow, authoredRows, findWrittenPlace } from "./authored.ts"
import { htmlBegin, htmlEnd, htmlLinks, htmlMessage } from "./html.ts"
import {
  findAccountData,
  findAvatarKeys,
  inboxPage,
  listFollows,
  listNotes,
  listPasskeyNames,
  listProviderAccounts,
  listPushDeviceNames,
  listReminderData,
  listScheduledData,
} from "./person-store.ts"
import type { ExportSources } from "./sources.ts"
import { addFiles, addStored, keptBy } from "./stored-files.ts"

/** Fills an archive with what is stored about a person, and all they wrote. */
export async function addPerson(archive: Archive, sources: ExportSources, userId: string): Promise<void> {
  const { storage } = sources
  await addAccount(archive, sources, userId)
  await addLists(archive, sources, userId)
  const written = await addMessages(archive, sources, userId)
  await archive.addJson("messages.json", written)
  for (const [size, key] of Object.entries(await findAvatarKeys(sources.db, userId)))
    await addStored(archive, storage, {
      key,
      path: `profile/picture-${size}.${size === "animated" ? "gif" : "webp"}`,
    })
  await addFiles(archive, sources, keptBy(userId))
  await archive.addText("index.html", indexPage(written))
}

async function addAccount(archive: Archive, { db, now }: ExportSources, userId: string): Promise<void> {
  const { account, profile } = await findAccountData(db, userId)
  await archive.addJson("account.json", {
    ...account,
    passkeys: await listPasskeyNames(db, userId),
    pushDevices: await listPushDeviceNames(db, userId),
    providers: await listProviderAccounts(db, userId),
    sessions: (await listSessions(db, userId, now)).map(({ id: _, ...session }) => session),
  })
  await archive.addJson("profile.json", profile)
  await archive.addJson("settings.json", (await findSettings(db, userId)) ?? defaultSettings)
  await archive.addJson("notifications.json", {
    levels: await listChoices(db, userId),
    settings: (await findStoredSettings(db, userId)) ?? null,
    keywords: await listKeywords(db, userId),
  })
  const servers = []
  for (const { id, name } of await listServers(db, userId)) {
    const member = await findMember(db, id, userId)
    servers.push({ id, name, nickname: member?.nickname ?? null, joinedAt: member?.joinedAt })
  }
  await archive.addJson("servers.json", servers)
  await archive.addJson("blocked.json", await listBlocked(db, userId))
  await archive.addJson("notes.json", await listNotes(db, userId))
  await archive.addJson("reminders.json", await listReminderData(db, userId))
  await archive.addJson("scheduled.json", await listScheduledData(db, userId))
  await archive.addJson("feeds.json", await listFeeds(db, userId))
  await archive.addJson("reports.json", await listOwnReports(db, userId))
  const bots = await listBots(db, userId)
  await archive.addJson(
    "bots.json",
    bots.map(({ tokens: _, ...bot }) => bot),
  )
}

/** What may be long. */
async function addLists(archive: Archive, { db }: ExportSources, userId: string): Promise<void> {
  // What tells rows of one message apart sorts them last: rows in no order could be on two pages, or on none.
  for (const [name, table, last] of [
    ["reactions.json", reactions, reactions.emoji],
    ["votes.json", pollVotes, pollVotes.answer],
    ["saved.json", savedMessages, savedMessages.messageId],
  ] as const) {
    const pages = paged(async (limit, offset) => {
      const rows = await db
        .select()
        .from(table)
        .where(eq(table.userId, userId))
        .orderBy(asc(table.createdAt), asc(table.messageId), asc(last))
        .limit(limit)
        .offset(offset)
        .all()
      return rows.map(({ userId: _, ...row }) => row)
    })
    await archive.add(name, jsonArray(pages))
  }
  await archive.add("inbox.json", jsonArray(paged((limit, offset) => inboxPage(db, userId, limit, offset))))
  await archive.addJson("followed-threads.json", await listFollows(db, userId))
}

interface Written {
  channelId: string
  title: string
  serverId: string | null
  /** The paths of the files with the messages. */
  json: string
  html: string
  count: number
}

/** Adds what somebody wrote, by channel: two files for each. */
async function addMessages(archive: Archive, sources: ExportSources, userId: string): Promise<Written[]> {
  const { db } = sources
  const written: Written[] = []
  for await (const channelId of allLogs(db)) {
    sources.check()
    const first = await authoredIn(db, channelId, userId).next()
    if (first.done) continue

    const { title, serverId } = await findWrittenPlace(db, channelId, userId)
    const path = `messages/${fileName(title, channelId)}`
    const place = { channelId, title, serverId, json: `${path}.json`, html: `${path}.html`, count: 0 }
    await archive.add(place.json, jsonArray(counted(place, rowsIn(sources, channelId, userId))))
    await archive.add(place.html, htmlPages(title, rowsIn(sources, channelId, userId)))
    written.push(place)
  }
  return written
}

async function* rowsIn({ db, check }: ExportSources, channelId: string, userId: string) {
  for await (const messages of authoredIn(db, channelId, userId)) {
    check()
    yield await authoredRows(db, messages)
  }
}

async function* counted<Row>(place: Written, pages: AsyncIterable<Row[]>): AsyncGenerator<Row[]> {
  for await (const rows of pages) {
    place.count += rows.length
    yield rows
  }
}

async function* htmlPages(title: string, pages: AsyncIterable<AuthoredRow[]>): AsyncGenerator<string> {
  yield `${htmlBegin(title)}<p><a href="../index.html">All channels</a></p>\n`
  for await (const rows of pages) yield rows.map(htmlMessage).join("")
  yield htmlEnd
}

const described = [
  { path: "account.json", text: "Your account, devices and ways to log in" },
  { path: "profile.json", text: "Your profile" },
  { path: "settings.json", text: "Your settings" },
  { path: "notifications.json", text: "What notifies you" },
  { path: "servers.json", text: "Servers that you are in" },
  { path: "reactions.json", text: "Your reactions" },
  { path: "votes.json", text: "Your votes in polls" },
  { path: "saved.json", text: "Messages that you saved" },
  { path: "inbox.json", text: "Your inbox" },
  { path: "followed-threads.json", text: "Threads that you follow" },
  { path: "blocked.json", text: "People that you blocked" },
  { path: "notes.json", text: "Your notes about people" },
  { path: "reminders.json", text: "Your reminders" },
  { path: "scheduled.json", text: "Messages that you scheduled" },
  { path: "feeds.json", text: "Your feeds" },
  { path: "reports.json", text: "Reports that you made" },
  { path: "bots.json", text: "Your bots" },
]

function indexPage(written: Written[]): string {
  const messages = written.map(({ html, title, count }) => ({ path: html, text: `${title} (${count})` }))
  return `${htmlBegin("Your data")}<h2>What you wrote</h2>
${messages.length > 0 ? htmlLinks(messages) : "<p>Nothing.</p>\n"}<h2>About you, for programs</h2>
${htmlLinks(described)}${htmlEnd}`
}
