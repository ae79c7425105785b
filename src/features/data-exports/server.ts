import { findImageKey, imageKinds } from "../servers/store.ts"
import { type Archive, fileName, jsonArray, paged } from "./archive.ts"
import { channelJson, picturePath } from "./channel-json.ts"
import {
  findGuild,
  listAllCategories,
  listAllChannels,
  listAllOverwrites,
  listAllRoles,
  pageOfMembers,
  type StoredChannel,
} from "./server-store.ts"
import type { ExportSources } from "./sources.ts"
import { addFiles, addStored, sentIn } from "./stored-files.ts"

/** The format of `server.json`, see docs/export.md. */
const format = { name: "covenant-chat-server", version: 1 }

/**
 * Fills an archive with a server: its structure, its members' names, all channels and threads with their messages, and the
 * files. Conversations are no servers, so none is in it.
 */
export async function addServer(archive: Archive, sources: ExportSources, serverId: string): Promise<void> {
  const { db, storage } = sources
  const guild = await findGuild(db, serverId)
  // Deleted since it was asked for.
  if (!guild) throw new Error("The server of an export is gone")

  const found = await listAllChannels(db, serverId)
  await archive.addJson("server.json", await structureOf(sources, { serverId, guild, channels: found }))
  await archive.add(
    "members.json",
    jsonArray(paged((limit, offset) => pageOfMembers(db, serverId, limit, offset))),
  )
  const pictures = new Map<string, string>()
  for (const channel of found) {
    sources.check()
    await archive.add(pathOf(channel), channelJson(sources, { guild, channel, channels: found, pictures }))
  }
  for (const [userId, key] of pictures) {
    sources.check()
    await addStored(archive, storage, { key, path: picturePath(userId) })
  }
  for (const image of ["icon", "banner"] as const) {
    const key = await findImageKey(db, serverId, image)
    const size = image === "icon" ? 512 : 1600
    if (key?.startsWith(imageKinds[image]))
      await addStored(archive, storage, { key: `${key}.${size}`, path: `${image}.webp` })
  }
  await addFiles(archive, sources, sentIn(serverId))
}

function pathOf({ name, id }: StoredChannel): string {
  return fileName(name, id, ".json")
}

interface Structure {
  serverId: string
  guild: NonNullable<Awaited<ReturnType<typeof findGuild>>>
  channels: StoredChannel[]
}

async function structureOf({ db, now }: ExportSources, { serverId, guild, channels }: Structure) {
  const overwrites = await listAllOverwrites(db, serverId)
  const ofPlace = (placeId: string) =>
    overwrites.filter((row) => row.placeId === placeId).map(({ placeId: _, ...overwrite }) => overwrite)
  const categories = await listAllCategories(db, serverId)
  return {
    format,
    exportedAt: now,
    guild,
    roles: await listAllRoles(db, serverId),
    categories: categories.map((category) => ({ ...category, overwrites: ofPlace(category.id) })),
    channels: channels.map((channel) => ({
      ...channel,
      overwrites: ofPlace(channel.id),
      messages: pathOf(channel),
    })),
  }
}
