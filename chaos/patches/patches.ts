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
} satisfies Record<string, Patch[]>

export type PatchName = keyof typeof patches

/** The bugs that `--plant` can plant, each of which a trial must find. */
export const bugNames = Object.keys(patches).filter((name) => name !== "local webhooks") as PatchName[]

/** Bun's arguments and the environment that start a server with patches. */
export function patchedWith(names: PatchName[]): { bunArguments: string[]; CHAOS_PATCHES: string } {
  return { bunArguments: ["--preload", join(import.meta.dir, "preload.ts")], CHAOS_PATCHES: names.join(",") }
}
