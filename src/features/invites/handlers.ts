import { Refusal } from "../../kernel/index.ts"
import { recordAct } from "../audit-log/store.ts"
import { isBanned } from "../bans/store.ts"
import type { ChangeSet } from "../change-set.ts"
import { afterJoin, denialToJoin } from "../joining/on-join.ts"
import { insertMember } from "../members/store.ts"
import { assertCan, can, denialOf } from "../permissions/can.ts"
import { requireServer } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import { findStanding, isMember } from "../permissions/store.ts"
import { findServer } from "../servers/store.ts"
import type { Procedures } from "../services.ts"
import { type invitesContract, maxInvitesPerMember } from "./contract.ts"
import {
  countInvitesOf,
  deleteUnusableInvites,
  findInvite,
  findInvitePreview,
  insertInvite,
  listInvites,
  revokeInvite,
  useInvite,
} from "./store.ts"

const tooMany = `You have ${maxInvitesPerMember} invites to this server already. Revoke one first`
const notUsable = "This invite is invalid. It may have expired, been used up or been revoked"

export const invitesHandlers: Procedures<typeof invitesContract> = {
  getInvites: {
    resources: ({ inputs }) => [resource.invites(inputs.serverId)],
    async procedure({ inputs, derived }) {
      const { server } = await requireServer(derived, derived.requireAuth(), inputs.serverId, "invite")

      return listInvites(derived.db, server.id, new Date())
    },
  },

  createInvite: {
    resources: ({ inputs }) => [resource.invites(inputs.serverId), resource.auditLog(inputs.serverId)],
    async procedure({ inputs, derived }) {
      const { commits } = derived
      const viewer = derived.requireAuth()
      const { serverId, expiresInSeconds, maxUses } = inputs
      await requireServer(derived, viewer, serverId, "invite")

      const createdAt = new Date()
      const expiresAt = expiresInSeconds ? new Date(createdAt.getTime() + expiresInSeconds * 1000) : null
      const invite = { code: newCode(), serverId, createdBy: viewer.id, createdAt, expiresAt, uses: 0 }
      // A member who is being removed must not create an invite to come back with.
      const created = await commits.decide(async (tx) => {
        const denial = denialOf(await findStanding(tx, viewer, serverId), "invite")
        if (denial) return denial
        // Of each member, as many unusable ones are left at most as they had usable ones.
        await deleteUnusableInvites(tx, serverId, viewer.id, createdAt)
        // More would not be listed, and so could not be revoked.
        if ((await countInvitesOf(tx, serverId, viewer.id, createdAt)) >= maxInvitesPerMember)
          return new Refusal(tooMany, 400)

        const target = { id: invite.code, name: invite.code }
        const changes = { expiresAt: { after: expiresAt }, maxUses: { after: maxUses ?? null } }
        await recordAct(tx, { serverId, actor: viewer, action: "invite.create", target, changes })
        return insertInvite(tx, { ...invite, maxUses: maxUses ?? null })
      })
      if (created instanceof Refusal) throw created

      return created
    },
  },

  getInvite: {
    resources: ({ inputs }) => [resource.invite(inputs.code)],
    async procedure({ inputs, derived, error }) {
      return (await findInvitePreview(derived.db, inputs.code, new Date())) ?? error(notUsable, 404)
    },
  },

  joinServer: {
    resources: ({ ctx, outputs }) => [resource.servers(ctx.viewer?.id), resource.members(outputs.id)],
    async procedure({ inputs, derived, error }) {
      const { db, publisher } = derived
      const viewer = derived.requireAuth()
      const preview = await findInvitePreview(db, inputs.code, new Date())
      if (!preview) return error(notUsable, 404)

      const { serverId } = preview
      const outcome = await publisher.decide((changes) => join(changes, inputs.code, serverId, viewer))
      if (outcome instanceof Refusal) throw outcome
      if (outcome === "banned") error("You are banned from this server. Ask its owner to lift the ban", 403)
      return (outcome === "joined" && (await findServer(db, serverId))) || error(notUsable, 404)
    },
  },

  revokeInvite: {
    resources: ({ outputs }) => [
      resource.invites(outputs.serverId),
      resource.invite(outputs.code),
      resource.auditLog(outputs.serverId),
    ],
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const viewer = derived.requireAuth()
      const invite = await findInvite(db, inputs.code)
      const standing = invite && (await findStanding(db, viewer, invite.serverId))
      // Outsiders must not learn that the invite exists.
      if (!standing || !can(standing, "read")) return error("There is no such invite", 404)

      assertCan({ ...standing, isAuthor: invite.createdBy === viewer.id }, "revokeInvite")

      const revoked = await commits.decide(async (tx) => {
        const { serverId, code } = invite
        const target = { id: code, name: code }
        await recordAct(tx, { serverId, actor: viewer, action: "invite.revoke", target })
        return revokeInvite(tx, code, new Date())
      })
      return revoked ?? error("There is no such invite", 404)
    },
  },
}

/**
 * Checks and counts the use in one commit, so that concurrent calls cannot share the last use, count two uses for one
 * user, or bypass a ban.
 */
async function join(
  changes: ChangeSet,
  code: string,
  serverId: string,
  user: { id: string; username: string },
): Promise<"joined" | "banned" | "unusable" | Refusal> {
  const { tx } = changes
  if (await isMember(tx, serverId, user.id)) return "joined"
  if (await isBanned(tx, serverId, user.id)) return "banned"
  const denial = await denialToJoin(tx, serverId)
  if (denial) return denial
  if (!(await useInvite(tx, code, new Date()))) return "unusable"

  await insertMember(tx, serverId, user.id)
  await afterJoin(changes, serverId, user)
  return "joined"
}

/** 60 random bits in 10 characters: not guessable, and short enough to read aloud. */
function newCode(): string {
  return crypto
    .getRandomValues(new Uint8Array(8))
    .toBase64({ alphabet: "base64url", omitPadding: true })
    .slice(0, 10)
}
