import { eq, sql } from "drizzle-orm"
import { channels, users } from "../../../drizzle/schema.ts"
import { Cache } from "../../cache/cache.ts"
import type { DataVersions } from "../../cache/versions.ts"
import type { Db } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { faceColumns } from "../face-columns.ts"
import type { findPersonal } from "./store.ts"

/** Pairs of user and channel. */
const maxEntries = 20_000

const statements = prepare((db) => ({
  inChannel: db
    .select({
      ...faceColumns,
      presence: users.presence,
      nickname: sql<string | null>`(
        select called.nickname from server_members called
        where called.server_id = ${channels.serverId} and called.user_id = ${users.id})`,
    })
    .from(users)
    .innerJoin(channels, eq(channels.id, sql.placeholder("channelId")))
    .where(eq(users.id, sql.placeholder("userId")))
    .prepare(),
}))

type Face = Awaited<ReturnType<typeof findFace>>

function findFace(db: Db, channelId: string, userId: string) {
  return statements(db).inChannel.get({ channelId, userId })
}

/** Caches how users show in channels, for events that carry it and are too frequent to read it each time. */
export class Faces {
  readonly #faces = new Cache<{ face: Face }>({ maxEntries })

  constructor(
    private readonly db: Db,
    private readonly dataVersions: DataVersions,
  ) {}

  /** `undefined` where there is no such user or channel. */
  async in(channelId: string, userId: string): Promise<Face> {
    const load = async () => ({ face: await findFace(this.db, channelId, userId) })
    return (await this.#faces.getOrLoad(`${channelId} ${userId}`, this.dataVersions.directory, load)).face
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
