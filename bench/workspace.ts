import { join } from "node:path"
import type { Program } from "../tests/support/program.ts"
import { startChat } from "./servers.ts"

export interface Size {
  messages: number
  members: number
  channels: number
  /** Texts alone: no threads, reactions, replies and pins. */
  plain?: boolean
}

/** A server "Acme" of alice's in the database of that folder, which is made when there is none. */
export async function fillWorkspace(folder: string, { plain, ...numbers }: Size): Promise<void> {
  ;(await startChat(folder)).stop()
  const sizes = Object.entries(numbers).flatMap(([name, value]) => [`--${name}`, String(value)])
  const command = [process.execPath, "src/cli/workspace.ts", ...(plain ? ["--plain"] : []), ...sizes]
  const { success, stderr } = Bun.spawnSync(command, {
    cwd: join(import.meta.dir, ".."),
    env: { PATH: process.env.PATH, DATABASE_URL: join(folder, "chat.db") },
  })
  if (!success) throw new Error(`The workspace could not be filled: ${stderr}`)
}

/** The id of "Acme". */
export async function acmeOf(alice: Program): Promise<string> {
  const servers = await alice.call<{ id: string; name: string }[]>("getServers", null)
  return servers.find(({ name }) => name === "Acme")?.id ?? ""
}

/** The addresses of its rooms' pages, in their order. */
export async function acmeRooms(alice: Program): Promise<string[]> {
  const serverId = await acmeOf(alice)
  const channels = await alice.call<{ id: string }[]>("getChannels", { serverId })
  return channels.map(({ id }) => `/servers/${serverId}/channels/${id}`)
}
