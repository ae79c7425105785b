import { allPermissions, bitOf, type Permission } from "../../../src/features/permissions/bits.ts"
import type { PermissionWorld } from "../../support/permission-world.ts"
import { caseTable } from "./case-table.ts"

/** One case: a world, and what the member "me" may do there. */
export interface PermissionCase {
  line: string
  world: PermissionWorld
  expected: bigint
}

/** Short names of the permissions, for lines that fit. */
const words: Record<string, Permission> = {
  ...{ view: "viewChannel", history: "readHistory", send: "sendMessages", threads: "sendInThreads" },
  ...{ start: "createThreads", polls: "sendPolls", embeds: "embedLinks", files: "attachFiles" },
  ...{ react: "addReactions", mention: "mentionEveryone", kick: "kickMembers", ban: "banMembers" },
  ...{ admin: "administrator", channels: "manageChannels", server: "manageServer", audit: "viewAuditLog" },
  ...{ messages: "manageMessages", invite: "createInvite", nick: "changeNickname", roles: "manageRoles" },
  ...{ nicks: "manageNicknames", hooks: "manageWebhooks", tidy: "manageThreads", timeout: "timeOutMembers" },
  ...{ pin: "pinMessages", slow: "bypassSlowMode" },
}

/** The cases of the table, in its order. */
export const permissionCases: PermissionCase[] = caseTable
  .split("\n")
  .map((line) => line.replace(/\s+/g, " ").trim())
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map(parse)

function parse(line: string): PermissionCase {
  const [roles = "", overwrites = "", circumstances = "", expected = "", ...rest] = line
    .split("|")
    .map((cell) => cell.trim())
  if (rest.length > 0 || expected === "") throw new Error(`Not a case: ${line}`)

  const [everyone = "", ...others] = listed(roles)
  const is = (name: string) => circumstances.split(" ").includes(name)
  const world: PermissionWorld = {
    everyone: sumOf(everyone.split(" ").slice(1)),
    roles: others.map((role) => {
      const [name = "", ...granted] = role.split(" ")
      return { name: name.replace(/[()]/g, ""), permissions: sumOf(granted), isHeld: !name.startsWith("(") }
    }),
    overwrites: listed(overwrites).map((overwrite) => {
      const [target = "", ...changes] = overwrite.split(" ")
      const signed = (sign: string) =>
        sumOf(changes.filter((change) => change.startsWith(sign)).map((change) => change.slice(1)))
      return { target: target === "@" ? "everyone" : target, allow: signed("+"), deny: signed("-") }
    }),
    isMember: !is("stranger"),
    isOwner: is("owner"),
    isTimedOut: is("timed-out"),
    place: is("server") ? "server" : is("thread") ? "thread" : "channel",
  }
  return { line, world, expected: expected === "all" ? allPermissions : sumOf(expected.split(" ")) }
}

function listed(cell: string): string[] {
  return cell === "" ? [] : cell.split(",").map((item) => item.trim())
}

function sumOf(names: string[]): bigint {
  return names.reduce((sum, word) => {
    if (word === "nothing") return sum
    const name = words[word]
    if (!name) throw new Error(`No such permission: ${word}`)
    return sum | bitOf[name]
  }, 0n)
}
