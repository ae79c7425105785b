import type { MaybePromise } from "../../kernel/index.ts"
import type { ChangeSet } from "../change-set.ts"
import type { PlaceAction } from "../permissions/can.ts"
import type { Standing } from "../permissions/standing.ts"
import type { MessageAction } from "./actions.ts"
import type { Draft } from "./append.ts"
import type { Message, MessageInput } from "./contract.ts"
import type { MessageExtras } from "./extras.ts"

/** What is about to become a message, or the new text of one. */
export interface Attempt {
  serverId: string
  channelId: string
  /** The author: a user, a bot or the account of a webhook. */
  userId: string
  username: string
  content: string
  /** What a new message contains besides its text; `undefined` for an edit. */
  input?: MessageInput
}

/** What an author may do where they send; `undefined` for what the chat sends by itself. */
interface Authored {
  standing?: Standing
}

/** A message about to be stored. */
export type SentDraft = Draft & Authored

/**
 * What a feature adds to messages. Hooks that take `changes` run inside the commit (`changes.tx` is its handle): they
 * await nothing but its statements, and run none for a plain message. If one throws a `Refusal`, nothing is stored.
 */
export interface MessageHooks {
  /** Entries it adds to the menu of a message. */
  actions?: readonly MessageAction[]
  /** Reads the feature's input fields from a submitted form. Runs first, outside the commit. */
  fromForm?(body: unknown): Partial<MessageInput>
  /** The permission that the feature's fields need besides that to send. It is checked in the commit. */
  requires?(input: MessageInput): PlaceAction | undefined
  /**
   * Throws a `Refusal` for what may not be said. Runs before the commit, so that it may write on its own. Where there is
   * nothing to check it costs no query, and returns no promise.
   */
  check?(attempt: Attempt): MaybePromise<void>
  /** Returns the extras that it adds to a message about to be stored. */
  beforeCreate?(
    changes: ChangeSet,
    draft: SentDraft,
    input: MessageInput,
  ): MaybePromise<Partial<MessageExtras> | undefined>
  /** Stores the feature's own rows for a message that was just appended to the log. */
  afterCreate?(changes: ChangeSet, message: Message, input: MessageInput): MaybePromise<void>
  /** Returns the extras that change with the text. `before` is the message before the edit. */
  onEdit?(
    changes: ChangeSet,
    before: Message & Authored,
    content: string,
  ): MaybePromise<Partial<MessageExtras> | undefined>
  /**
   * Deletes the feature's rows of a message that becomes a tombstone, and returns the extras that the tombstone
   * retains; none of them may reveal what the message said. `before` is the message before the deletion.
   */
  onDelete?(changes: ChangeSet, before: Message): MaybePromise<Partial<MessageExtras> | undefined>
}
