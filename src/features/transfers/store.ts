import { eq, sql } from "drizzle-orm"
import { servers, serverTransfers, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { type Transfer, transferDays } from "./contract.ts"

const validMs = transferDays * 86_400_000

const statements = prepare((db) => ({
  find: db
    .select({
      serverId: serverTransfers.serverId,
      toUserId: serverTransfers.toUserId,
      toUsername: users.username,
      createdAt: serverTransfers.createdAt,
    })
    .from(serverTransfers)
    .innerJoin(users, eq(users.id, serverTransfers.toUserId))
    .where(eq(serverTransfers.serverId, sql.placeholder("serverId")))
    .prepare(),
}))

/** The open offer of a server. */
export async function findTransfer(db: Db, serverId: string, now: Date): Promise<Transfer | undefined> {
  const found = await statements(db).find.get({ serverId })
  const expiresAt = new Date((found?.createdAt.getTime() ?? 0) + validMs)
  return found && expiresAt > now ? { ...found, expiresAt } : undefined
}

// The functions below run inside a shared commit.

export async function insertTransfer(
  tx: Tx,
  transfer: Pick<Transfer, "serverId" | "toUserId" | "createdAt">,
): Promise<void> {
  await deleteTransfer(tx, transfer.serverId)
  await tx.insert(serverTransfers).values(transfer).run()
}

export async function deleteTransfer(tx: Tx, serverId: string): Promise<void> {
  await tx.delete(serverTransfers).where(eq(serverTransfers.serverId, serverId)).run()
}

export async function updateOwner(tx: Tx, serverId: string, ownerId: string): Promise<void> {
  await tx.update(servers).set({ ownerId }).where(eq(servers.id, serverId)).run()
}
