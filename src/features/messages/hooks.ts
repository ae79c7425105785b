import type { ChangeSet } from "../change-set.ts"
import type { MessageAction } from "./actions.ts"
import type { Message, MessageInput } from "./contract.ts"
import type { MessageExtras } from "./extras.ts"
import type { Draft } from "./store.ts"

/**
 * What a feature adds to messages. Hooks that take `changes` run inside the shared commit (`changes.tx` is its
 * database): they are synchronous and cost a plain message no query. They may throw a `Refusal`: then nothing is stored.
 */
export interface MessageHooks {
  /** What it lets people do with a message. */
  actions?: readonly MessageAction[]
  /** Returns its fields of a message sent by a form. Runs before all else, outside the commit. */
  fromForm?(body: unknown): Partial<MessageInput>
  /** Returns the extras that it adds to a message about to be stored. */
  beforeCreate?(changes: ChangeSet, draft: Draft, input: MessageInput): Partial<MessageExtras> | undefined
  /** Stores its own rows beside a message that has just taken its place in the log. */
  afterCreate?(changes: ChangeSet, message: Message, input: MessageInput): void
  /** Returns the extras that change with the text. `before` is the message before the edit. */
  onEdit?(changes: ChangeSet, before: Message, content: string): Partial<MessageExtras> | undefined
  /**
   * Deletes its rows of a message that becomes a tombstone, and returns the extras that the tombstone keeps: nothing
   * that tells what the message said. `before` is the message before the deletion.
   */
  onDelete?(changes: ChangeSet, before: Message): Partial<MessageExtras> | undefined
}
