import { eq, sql } from "drizzle-orm"
import { channels, users } from "../../../drizzle/schema.ts"
import { Cache } from "../../cache/cache.ts"
import type { DataVersions } from "../../cache/versions.ts"
import type { Db } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import { prepare } from "../../db/prepare.ts"
import { faceColumns } from "../face-columns.ts"
import type { findPersonal } from "./store.ts"

/** Pairs of user and channel. */
const maxEntries = 20_000

const statements = prepare((db) => ({
  inChannel: db
    .select({
      userId: users.id,
      username: users.username,
      ...faceColumns,
      presence: users.presence,
      nickname: sql<string | null>`(
        select called.nickname from server_members called
        where called.server_id = ${channels.serverId} and called.user_id = ${users.id})`,
    })
    .from(users)
    .innerJoin(channels, eq(channels.id, sql.placeholder("channelId")))
    .where(sql`${users.id} in ${textsIn(db, sql.placeholder("userIds"))}`)
    .prepare(),
}))

export type Face = Awaited<ReturnType<typeof listFaces>>[number]

function listFaces(db: Db, channelId: string, userIds: string[]) {
  return statements(db).inChannel.all({ channelId, userIds: JSON.stringify(userIds) })
}

/** Caches how users show in channels, for events that carry it and for pages of messages, of which many have one author. */
export class Faces {
  readonly #faces = new Cache<Face>({ maxEntries })

  constructor(
    private readonly db: Db,
    private readonly dataVersions: DataVersions,
  ) {}

  /** `undefined` where there is no such user or channel. */
  async in(channelId: string, userId: string): Promise<Face | undefined> {
    return (await this.allIn(channelId, [userId])).get(userId)
  }

  /** By user id, without users whom there are not. Reads those that are not cached in one statement. */
  async allIn(channelId: string, userIds: Iterable<string>): Promise<Map<string, Face>> {
    const version = this.dataVersions.directory
    const faces = new Map<string, Face>()
    const missing: string[] = []
    for (const userId of new Set(userIds)) {
      const face = this.#faces.get(`${channelId} ${userId}`, version)
      if (face) faces.set(userId, face)
      else missing.push(userId)
    }
    if (missing.length === 0) return faces

    for (const face of await listFaces(this.db, channelId, missing))
      faces.set(face.userId, this.#faces.set(`${channelId} ${face.userId}`, version, face))
    return faces
  }
}

/** What is cached with a session, without what is as usual. */
export function personalFace(found: Awaited<ReturnType<typeof findPersonal>>) {
  if (!found) return {}

  const { displayName, avatarUrl, presence } = found
  return {
    ...(displayName && { displayName }),
    ...(avatarUrl && { avatarUrl }),
    ...(presence !== "online" && { presence }),
  }
}
