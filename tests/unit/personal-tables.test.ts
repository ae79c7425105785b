import { expect, test } from "bun:test"
import { is } from "drizzle-orm"
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core"
import * as schema from "../../drizzle/schema.ts"
import { personalTables } from "../../src/features/accounts/store.ts"

/** What refers to people and is not deleted by `personalTables` with their account, by column. */
const others: Record<string, string> = {
  "users.bot_owner_id": "bots are deleted by `deleteBot`",
  "accounts.user_id": "deleted",
  "message_purges.user_id": "deleted when all is gone that they wrote",
  "incoming_webhooks.created_by": "belongs to the channel",
  "sessions.user_id": "ended by `endSessions`",
  "server_members.user_id": "deleted by `deleteMembershipsOf`",
  "invites.created_by": "revoked by `revokeInvitesBy`",
  "server_transfers.to_user_id": "deleted",
  "user_notes.about_id": "deleted",
  "servers.owner_id": "who owns a server with others cannot leave; a conversation stays for the others",
  "messages.user_id": "stays under a placeholder name, or is deleted when that was chosen",
  "files.user_id": "goes with its message",
  "replies.quoted_user_id": "of messages that stay",
  "reactions.user_id": "stays under a placeholder name",
  "poll_votes.user_id": "stays under a placeholder name",
  "pins.user_id": "stays for the channel",
  "blocks.blocked_id": "somebody else's list",
  "bot_tokens.user_id": "of a bot: deleted by `deleteBot`",
  "incoming_webhooks.user_id": "the account of the webhook",
  "outgoing_webhooks.created_by": "belongs to the channel",
  "undoable_acts.actor_id": "there for seconds",
  "reports.reporter_id": "the server's moderators have it",
  "account_deletions.user_id": "deleted when the messages are, too",
}

test("every column that refers to a person is deleted with the account or listed with a reason", () => {
  const deleted = personalTables.map((table) => `${getTableConfig(table).name}.user_id`)
  const tables = Object.values(schema).filter((each) => is(each, SQLiteTable))
  const referring = tables.flatMap((table) => {
    const { name: tableName, foreignKeys } = getTableConfig(table)
    return foreignKeys.flatMap((key) => {
      const { columns, foreignTable } = key.reference()
      return getTableConfig(foreignTable).name === "users"
        ? columns.map(({ name }) => `${tableName}.${name}`)
        : []
    })
  })

  expect(new Set(referring).size).toBeGreaterThan(30)
  expect([...new Set(referring)].toSorted()).toEqual(
    [...new Set([...deleted, ...Object.keys(others)])].toSorted(),
  )
})
