import { mailOf } from "../../../views/mails.tsx"
import { nameIn } from "../../../views/people.ts"
import { whereOf } from "../../../views/reminders.tsx"
import type { Config } from "../../config.ts"
import type { Db } from "../../db/database.ts"
import type { Mail } from "../email-addresses/queue.ts"
import { findInstance } from "../instance/store.ts"
import { excerptOf } from "../messages/excerpt.ts"
import type { Missed, Recipient } from "./store.ts"
import { unsubscribePath, unsubscribeToken } from "./unsubscribing.ts"

/** Messages that one mail names. */
export const maxNamedInMail = 20

const reasons: Partial<Record<Missed["reason"], (author: string) => string>> = {
  mention: (author) => `${author} mentioned you`,
  reply: (author) => `${author} replied to you`,
  reminder: (author) => `Reminder of a message from ${author}`,
}

/** Says what somebody missed. It can be ended with one click (RFC 8058). */
export async function missedMail(
  { db, config }: { db: Db; config: Config },
  { userId, username, address, isTextShown }: Recipient,
  missed: Missed[],
): Promise<Mail> {
  const { name: chat } = await findInstance(db, config)
  // Never from a request: its sender chooses the host.
  const origin = config.publicOrigin ?? `http://localhost:${config.port}`
  const endUrl = `${origin}${unsubscribePath}/${unsubscribeToken(config, userId)}`
  const named = missed.slice(0, maxNamedInMail)
  const more = missed.length > maxNamedInMail ? ["Your inbox has more."] : []
  const what =
    named.length === 1 ? "a message" : `${missed.length > maxNamedInMail ? "many" : named.length} messages`
  return {
    ...mailOf({
      ...{ chat, to: address, subject: `You missed ${what} – ${chat}` },
      paragraphs: [
        `Hello ${username},`,
        "you missed this while you were away:",
        ...named.map((each) => lineOf(each, isTextShown)),
        ...more,
      ],
      link: { text: "Read it", url: `${origin}/inbox` },
      closing: "You get at most one such e-mail a day.",
      endLink: { text: "Stop these e-mails", url: endUrl },
    }),
    headers: { "List-Unsubscribe": `<${endUrl}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
  }
}

function lineOf({ message, reason, ...place }: Missed, isTextShown: boolean): string {
  const { extras, userId, username } = message
  const author = extras?.bot?.name ?? nameIn(message, { userId, username }) ?? username
  // A conversation of two is named by the other one.
  const where = place.serverName === "" && place.channelName === author ? "" : ` in ${whereOf(place)}`
  const who = `${reasons[reason]?.(author) ?? author}${where}`
  return isTextShown ? `${who}: ${excerptOf(message)}` : who
}
