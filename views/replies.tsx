import type { Message } from "../src/features/messages/contract.ts"
import { Icon } from "./icons.tsx"

type ReplyQuote = NonNullable<NonNullable<Message["extras"]>["replyTo"]>

/** What a message answers, above it: a link to it. */
export function Quote({ quote, name }: { quote: ReplyQuote; name?: string }) {
  const { id, userId, excerpt, deleted } = quote
  return (
    <a class="quote" href={`/messages/${id}`} data-author={userId}>
      <span class="visually-hidden">In reply to </span>
      {name !== undefined && (
        <b>
          <bdi safe>{name}</bdi>
        </b>
      )}{" "}
      {deleted ? (
        <i>Message deleted</i>
      ) : (
        <span dir="auto" safe>
          {excerpt || "Earlier message"}
        </span>
      )}
    </a>
  )
}

/** The message that the next one answers. */
export interface Quoted {
  id: string
  username: string
  excerpt: string
}

/** In the composer: what is being answered, and the way out of it. Empty it waits for `static/replies.js`. */
export function ReplyingTo({ quoted, cancel }: { quoted?: Quoted; cancel: string }) {
  return (
    <p id="composer-reply" class="replying" hidden={quoted === undefined}>
      {/* Firefox would fill in again what a script wrote here, after a reload. */}
      <input type="hidden" name="replyTo" value={quoted?.id ?? ""} autocomplete="off" />
      <span id="composer-reply-text" class="replying-text">
        Replying to{" "}
        <b>
          <bdi class="replying-name" safe>
            {quoted?.username ?? ""}
          </bdi>
        </b>{" "}
        <span class="replying-excerpt" dir="auto" safe>
          {quoted?.excerpt ?? ""}
        </span>
      </span>
      <a class="button quiet cancel-reply" href={cancel} aria-label="Cancel reply" title="Cancel reply">
        <Icon name="close" />
      </a>
    </p>
  )
}
