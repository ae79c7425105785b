import { and, eq } from "drizzle-orm"
import { channelOverwrites, memberRoles, roles } from "../../drizzle/schema.ts"
import type { Tx } from "../../src/db/database.ts"
import type { AffectedScope } from "../../src/features/permissions/affected.ts"
import { type Permission, permissionsOf } from "../../src/features/permissions/bits.ts"
import { refreshHolders, refreshMember } from "../../src/features/permissions/derived.ts"
import { watchViewers } from "../../src/features/permissions/viewers.ts"
import type { TestChat } from "./chat.ts"

// Changes rights as the features do that let people change them, without asking who may.

type App = Pick<TestChat, "chat" | "lab">

interface OverwriteOf {
  channelId: string
  /** A role, the server's id for everyone, or a user. */
  targetId: string
  kind?: "everyone" | "role" | "member"
  allow?: Permission[]
  deny?: Permission[]
}

/** Runs a write that can change who may view what. */
export function changeRights(
  { chat }: Pick<TestChat, "chat">,
  scope: AffectedScope,
  write: (tx: Tx) => Promise<void>,
  options?: { maxPairs?: number },
): Promise<void> {
  return chat.publisher.decide((changes) => watchViewers(changes, scope, () => write(changes.tx), options))
}

/** Sets what a channel allows and denies; with neither, it says nothing any more. */
export function setOverwrite(app: App, overwrite: OverwriteOf, options?: { maxPairs?: number }) {
  const { channelId, targetId, kind = "everyone", allow = [], deny = [] } = overwrite
  const values = { allow: Number(permissionsOf(...allow)), deny: Number(permissionsOf(...deny)) }
  const scope = { serverId: app.lab.id, channelIds: [channelId] }
  return changeRights(
    app,
    scope,
    async (tx) => {
      const found = and(eq(channelOverwrites.channelId, channelId), eq(channelOverwrites.targetId, targetId))
      await tx.delete(channelOverwrites).where(found).run()
      if (allow.length + deny.length > 0)
        await tx
          .insert(channelOverwrites)
          .values({ channelId, targetId, kind, ...values })
          .run()
    },
    options,
  )
}

/** Makes a channel private: only members whom another overwrite allows see it. */
export function makePrivate(app: App, channelId: string, options?: { maxPairs?: number }): Promise<void> {
  return setOverwrite(app, { channelId, targetId: app.lab.id, deny: ["viewChannel"] }, options)
}

/** Creates a role that these have, at a position in the hierarchy. */
export async function giveRole(
  { chat, lab }: App,
  userIds: string[],
  permissions: Permission[] = [],
  position = 1,
): Promise<string> {
  const id = crypto.randomUUID()
  await chat.publisher.decide(async ({ tx }) => {
    const bits = Number(permissionsOf(...permissions))
    await tx.insert(roles).values({ id, serverId: lab.id, name: "crew", permissions: bits, position }).run()
    for (const userId of userIds) {
      await tx.insert(memberRoles).values({ serverId: lab.id, userId, roleId: id }).run()
      await refreshMember(tx, lab.id, userId)
    }
  })
  return id
}

/** Takes a role from someone. */
export function takeRole(app: App, userId: string, roleId: string): Promise<void> {
  const serverId = app.lab.id
  return changeRights(app, { serverId, userId }, async (tx) => {
    await tx
      .delete(memberRoles)
      .where(and(eq(memberRoles.userId, userId), eq(memberRoles.roleId, roleId)))
      .run()
    await refreshMember(tx, serverId, userId)
  })
}

/** Sets what a role may do in the server; the server's id is everyone's role. */
export function setRole(
  app: App,
  roleId: string,
  permissions: Permission[],
  options?: { maxPairs?: number },
) {
  const serverId = app.lab.id
  const bits = Number(permissionsOf(...permissions))
  return changeRights(
    app,
    { serverId, roleId },
    async (tx) => {
      await tx.update(roles).set({ permissions: bits }).where(eq(roles.id, roleId)).run()
      await refreshHolders(tx, serverId, roleId)
    },
    options,
  )
}
