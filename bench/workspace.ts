import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Program } from "../tests/support/program.ts"
import { startChat } from "./servers.ts"

export interface WorkspaceSize {
  messages: number
  members: number
  channels: number
  /** Only plain texts: no threads, reactions, replies or pins. */
  plain?: boolean
}

/** Fills alice's server "Acme" in the folder's database. Creates the database when there is none. */
export async function fillWorkspace(folder: string, { plain, ...numbers }: WorkspaceSize): Promise<void> {
  if (!existsSync(join(folder, "chat.db"))) (await startChat(folder)).stop()
  const sizes = Object.entries(numbers).flatMap(([name, value]) => [`--${name}`, String(value)])
  const command = [process.execPath, "src/cli/workspace.ts", ...(plain ? ["--plain"] : []), ...sizes]
  const { success, stderr } = Bun.spawnSync(command, {
    cwd: join(import.meta.dir, ".."),
    env: { PATH: process.env.PATH, DATABASE_URL: join(folder, "chat.db") },
  })
  if (!success) throw new Error(`The workspace could not be filled: ${stderr}`)
}

export async function acmeIdOf(alice: Program): Promise<string> {
  const servers = await alice.call<{ id: string; name: string }[]>("getServers", null)
  return servers.find(({ name }) => name === "Acme")?.id ?? ""
}

/** The paths of Acme's rooms, in the order of its channels. */
export async function acmeRoomPaths(alice: Program): Promise<string[]> {
  const serverId = await acmeIdOf(alice)
  const channels = await alice.call<{ id: string }[]>("getChannels", { serverId })
  return channels.map(({ id }) => `/servers/${serverId}/channels/${id}`)
}
