import { join } from "node:path"

/** A replacement in the text of one file of the server, which must contain the text exactly once. */
export interface Patch {
  file: string
  find: string
  replace: string
}

/** What a trial changes in the servers it starts: to let a receiver of webhooks be on this machine, or to plant a bug. */
export const patches = {
  "local webhooks": [
    {
      file: "src/web/public-fetch.ts",
      find: "return isPublicIp(ip) && (port === 80 || port === 443)",
      replace: "return isPublicIp(ip) || port > 0",
    },
  ],
  "numbers from a sequence": [
    {
      file: "src/db/postgres/lane.ts",
      find: '["select seq from channels where id = ? for no key update", [channelId]],',
      replace: "",
    },
    {
      file: "src/features/messages/append.ts",
      find: "  const last = await writes(tx).number.get({",
      replace: `
        const findLast = async (asked: { channelId: string; ids: string }) => {
          const [id = "", ...others] = JSON.parse(asked.ids)
          // Several get no place together, so that each is numbered alone.
          if (others.length > 0 || (await findMessage(tx, id))) return undefined
          const [row] = await tx.select({ seq: sql<number>\`nextval('planted')\`.mapWith(Number) })
            .from(channels).where(sql\`\${channels.id} = \${asked.channelId}\`)
          const faces = JSON.stringify(drafts.map(({ userId, username }) => ({ userId, username })))
          return row && { seq: row.seq, ordinal: row.seq, faces }
        }
        const last = await findLast({`,
    },
    {
      file: "src/features/messages/append.ts",
      find: "await insert(changes.tx, message)",
      replace: `
        await Bun.sleep(Math.random() * 20)
        await insert(changes.tx, message)
        const { seq } = message
        await changes.tx.update(channels)
          .set({ seq: sql\`greatest(\${channels.seq}, \${seq})\`, messageCount: sql\`greatest(\${channels.messageCount}, \${seq})\` })
          .where(sql\`\${channels.id} = \${message.channelId}\`)`,
    },
  ],
  "announcement before commit": [
    {
      file: "src/features/publisher.ts",
      find: "if (changes.ended.length > 0)\n        // Last in the commit",
      replace: `
        for (const message of changes.messages) void announce(message)
        if (changes.ended.length > 0)
        // Last in the commit`,
    },
  ],
  "deaf Redis client": [
    {
      file: "src/cluster/redis-connection.ts",
      find: "autoReconnect: false,",
      replace: "autoReconnect: true,",
    },
    {
      file: "src/cluster/redis-connection.ts",
      find: "client.onclose = (cause) => this.#lose(client, cause)",
      replace: "",
    },
    {
      file: "src/cluster/redis-bus.ts",
      find: "return performance.now() - this.#echoSentAt < echoTimeoutMs",
      replace: "return true",
    },
  ],
  "edit that reads before it locks": [
    {
      file: "src/db/postgres/lane.ts",
      find: '["select seq from channels where id = ? for no key update", [channelId]],',
      replace: "",
    },
  ],
  // The last one, which one server can have, too.
  "skipped evictions": [
    {
      file: "src/features/permissions/viewers.ts",
      find: "): void {\n  const channelsOf =",
      replace: "): void {\n  if (Date.now() > 0) return\n  const channelsOf =",
    },
  ],
} satisfies Record<string, Patch[]>

export type PatchName = keyof typeof patches

/** The bugs that `--plant` can plant, each of which a trial must find. */
export const bugNames = Object.keys(patches).filter((name) => name !== "local webhooks") as PatchName[]

/** The bug that can be planted in one server; the others are those of a cluster. */
export const bugOfOneServer: PatchName = "skipped evictions"

/** Bun's arguments and the environment that start a server with patches. */
export function patchedWith(names: PatchName[]): { bunArguments: string[]; CHAOS_PATCHES: string } {
  return { bunArguments: ["--preload", join(import.meta.dir, "preload.ts")], CHAOS_PATCHES: names.join(",") }
}
