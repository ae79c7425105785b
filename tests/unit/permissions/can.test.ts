import { describe, expect, test } from "bun:test"
import {
  allPermissions,
  conversationPermissions,
  defaultPermissions,
} from "../../../src/features/permissions/bits.ts"
import { type Action, allActions, can, canActOn, denialOf } from "../../../src/features/permissions/can.ts"
import { outsider, type Standing } from "../../../src/features/permissions/standing.ts"

// Everything that anybody may do, in one table: a new action has to be written down here, for everyone.

const nobody = outsider({ id: "somebody" })
const member = { ...nobody, isMember: true, isChannel: true, permissions: defaultPermissions }
const inGroup = { ...member, kind: "direct", permissions: conversationPermissions } as const

const standings = {
  stranger: nobody,
  member,
  owner: { ...member, isOwner: true, permissions: allPermissions, rank: Number.POSITIVE_INFINITY },
  bot: { ...member, isBot: true },
  outsider: { ...nobody, kind: "direct" },
  inGroup,
  blocking: { ...inGroup, block: "byViewer" },
  blocked: { ...inGroup, block: "byOther" },
} satisfies Record<string, Standing>

type Who = keyof typeof standings

const everyone = Object.keys(standings) as Who[]
const members: Who[] = ["member", "owner", "bot", "inGroup", "blocking", "blocked"]
const unblocked: Who[] = ["member", "owner", "bot", "inGroup"]
const owner: Who[] = ["owner"]

/** Who may do it with what others made, and who with what they made themselves. */
const allowed: Record<Action, { others: Who[]; own: Who[] }> = {
  read: same(members),
  readHistory: same(members),
  attachFiles: same(unblocked),
  embedLinks: same(members),
  sendPolls: same(unblocked),
  bypassSlowMode: same(owner),
  manageThreads: same(owner),
  manageRoles: same(owner),
  manageNicknames: same(owner),
  changeNickname: same(["member", "owner", "bot"]),
  timeOutMembers: same(owner),
  viewAuditLog: same(owner),
  transferServer: same(owner),
  exportServer: same(owner),
  send: same(unblocked),
  react: same(unblocked),
  reactAlike: same(unblocked),
  createThread: same(unblocked),
  pin: same(["owner", "inGroup"]),
  mentionEveryone: same(owner),
  manageMessages: same(owner),
  manageChannels: same(owner),
  manageWebhooks: same(owner),
  kickMembers: same(owner),
  banMembers: same(owner),
  manageServer: same(owner),
  deleteServer: same(owner),
  invite: same(["member", "owner"]),
  leaveServer: same(["member", "bot"]),
  edit: { others: [], own: unblocked },
  delete: { others: owner, own: members },
  endPoll: { others: owner, own: members },
  removePreviews: { others: owner, own: members },
  revokeInvite: { others: owner, own: members },
}

test("the table above has every action", () => {
  expect(Object.keys(allowed).sort()).toEqual([...allActions].sort())
})

const cells = allActions.flatMap((action) =>
  everyone.flatMap((who) =>
    ([true, false] as const).map((isAuthor) => ({
      action,
      who,
      isAuthor,
      may: allowed[action][isAuthor ? "own" : "others"].includes(who),
    })),
  ),
)

describe("who may do what", () => {
  test.each(cells)("$action as $who, author $isAuthor: $may", ({ action, who, isAuthor, may }) => {
    const standing = { ...standings[who], isAuthor }

    expect(can(standing, action)).toBe(may)
    // Every refusal has a reason.
    expect(denialOf(standing, action)?.message.length ?? 0).toBeGreaterThan(may ? -1 : 0)
    expect(denialOf(standing, action) === null).toBe(may)
  })
})

describe("refusals", () => {
  test("say first that one is no member", () => {
    for (const action of allActions) {
      const denial = denialOf({ ...standings.stranger, isAuthor: true }, action)
      expect([action, denial?.code, denial?.message]).toEqual([
        ...[action, 403, "You are not a member of this server"],
      ] as never)
    }
  })

  test("tell a blocked person only that they cannot write", () => {
    expect(denialOf(standings.blocked, "send")?.message).toBe("You cannot write to this person")
    expect(denialOf(standings.blocking, "send")?.message).toMatch(/You have blocked/)
  })
})

test("the owner cannot be removed, not even by an owner", () => {
  expect(canActOn(standings.owner, "kickMembers", { isOwner: false, rank: 3 })).toBe(true)
  expect(canActOn(standings.owner, "kickMembers", { isOwner: true, rank: 3 })).toBe(false)
  expect(canActOn(standings.member, "banMembers", { isOwner: false, rank: 3 })).toBe(false)
})

function same(who: Who[]) {
  return { others: who, own: who }
}
