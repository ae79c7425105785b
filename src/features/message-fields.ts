import type { z } from "zod"
import { filesFields } from "./files/message-fields.ts"
import { mentionsFields } from "./mentions/message-fields.ts"
import { pinsFields } from "./pins/message-fields.ts"
import { pollsFields } from "./polls/message-fields.ts"
import { previewsFields } from "./previews/message-fields.ts"
import { reactionsFields } from "./reactions/message-fields.ts"
import { repliesFields } from "./replies/message-fields.ts"
import { threadsFields } from "./threads/message-fields.ts"

// What features add to messages, pure zod: the contract of messages is composed from these lists. They stand
// apart from the features' contracts, which import the messages' contract.

/** The fields that a sender may give. */
export const messageInputs = { ...repliesFields.input, ...filesFields.input, ...pollsFields.input }

/** The fields that readers get, and that are stored with the message. */
export const messageExtras = {
  ...repliesFields.extras,
  ...mentionsFields.extras,
  ...reactionsFields.extras,
  ...filesFields.extras,
  ...previewsFields.extras,
  ...threadsFields.extras,
  ...pinsFields.extras,
  ...pollsFields.extras,
}

/** A field with which a message may have no text. */
interface InsteadOfText {
  /** Its name among the inputs. */
  input: keyof typeof messageInputs
  /** Its name among the extras. */
  extras: keyof Extras
  /** What it shows, for excerpts and terminals. */
  texts(extras: Extras): string[]
}

type Extras = { [Name in keyof typeof messageExtras]?: z.infer<(typeof messageExtras)[Name]> }

export const insteadOfText: InsteadOfText[] = [filesFields.insteadOfText, pollsFields.insteadOfText]

/** What a message shows besides its text, in words. */
export function textsOf(extras: Extras | null): string[] {
  return extras ? insteadOfText.flatMap((field) => field.texts(extras)) : []
}
