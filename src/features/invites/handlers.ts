import type { Db } from "../../db/open.ts"
import { isBanned } from "../bans/store.ts"
import { requireServerMember } from "../members/policy.ts"
import { findMember, insertMember, isMember } from "../members/store.ts"
import { findServer } from "../servers/store.ts"
import type { Procedures } from "../services.ts"
import type { invitesContract } from "./contract.ts"
import { findInvite, findInvitePreview, insertInvite, listInvites, revokeInvite, useInvite } from "./store.ts"

const notUsable = "This invite is not valid: it may have expired, been used up or been taken back"

export const invitesHandlers: Procedures<typeof invitesContract> = {
  getInvites: {
    resources: ({ inputs }) => [`invites/server/${inputs.serverId}`],
    async procedure({ inputs, derived, error }) {
      const { serverId } = await requireServerMember(derived, inputs.serverId, error)

      return listInvites(derived.db, serverId, new Date())
    },
  },

  createInvite: {
    resources: ({ inputs }) => [`invites/server/${inputs.serverId}`],
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const { serverId, userId } = await requireServerMember(derived, inputs.serverId, error)

      const { expiresInSeconds, maxUses } = inputs
      const createdAt = new Date()
      const expiresAt = expiresInSeconds ? new Date(createdAt.getTime() + expiresInSeconds * 1000) : null
      const invite = { code: newCode(), serverId, createdBy: userId, createdAt, expiresAt, uses: 0 }
      // Whoever is removed at this moment must not leave a way back in behind the removal.
      const made = await commits.run(
        () => isMember(db, serverId, userId) && insertInvite(db, { ...invite, maxUses: maxUses ?? null }),
      )
      return made || error("You are not a member of this server", 403)
    },
  },

  getInvite: {
    resources: ({ inputs }) => [`invite/${inputs.code}`],
    async procedure({ inputs, derived, error }) {
      return (await findInvitePreview(derived.db, inputs.code, new Date())) ?? error(notUsable, 404)
    },
  },

  joinServer: {
    resources: ({ ctx, outputs }) => [`servers/user/${ctx.viewer?.id}`, `members/server/${outputs.id}`],
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const viewer = derived.requireAuth()
      const preview = await findInvitePreview(db, inputs.code, new Date())
      if (!preview) return error(notUsable, 404)

      const { serverId } = preview
      const outcome = await commits.run(() => join(db, inputs.code, serverId, viewer.id))
      if (outcome === "banned") error("You are banned from this server. Only its owner can lift that", 403)
      return (outcome === "joined" && (await findServer(db, serverId))) || error(notUsable, 404)
    },
  },

  revokeInvite: {
    resources: ({ outputs }) => [`invites/server/${outputs.serverId}`, `invite/${outputs.code}`],
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const viewer = derived.requireAuth()
      const invite = await findInvite(db, inputs.code)
      const member = invite && (await findMember(db, invite.serverId, viewer.id))
      // Whoever is not in the server learns nothing about its invites.
      if (!member) return error("There is no such invite", 404)
      if (![invite.createdBy, invite.ownerId].includes(viewer.id)) {
        error("Only the server's owner and whoever made an invite may take it back", 403)
      }

      const revoked = await commits.run(() => revokeInvite(db, invite.code, new Date()))
      return revoked ?? error("There is no such invite", 404)
    },
  },
}

/**
 * Checked and counted in one commit: a last use cannot be shared, nobody spends two, and no ban that was made
 * meanwhile is passed by.
 */
function join(db: Db, code: string, serverId: string, userId: string): "joined" | "banned" | "unusable" {
  if (isMember(db, serverId, userId)) return "joined"
  if (isBanned(db, serverId, userId)) return "banned"
  if (!useInvite(db, code, new Date())) return "unusable"

  insertMember(db, serverId, userId)
  return "joined"
}

/** 60 bits in 10 letters and digits: too many to guess, few enough to read aloud. */
function newCode(): string {
  return crypto
    .getRandomValues(new Uint8Array(8))
    .toBase64({ alphabet: "base64url", omitPadding: true })
    .slice(0, 10)
}
