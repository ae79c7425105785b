import type { z } from "zod"
import { filesFields } from "./files/message-fields.ts"
import { mentionsFields } from "./mentions/message-fields.ts"
import { pinsFields } from "./pins/message-fields.ts"
import { pollsFields } from "./polls/message-fields.ts"
import { previewsFields } from "./previews/message-fields.ts"
import { reactionsFields } from "./reactions/message-fields.ts"
import { repliesFields } from "./replies/message-fields.ts"
import { retentionFields } from "./retention/message-fields.ts"
import { threadsFields } from "./threads/message-fields.ts"

// The fields that features add to messages, pure zod: the messages' contract is composed from these lists. They are
// separate from the features' contracts, which import the messages' contract.

/** Fields of a message as it is sent. */
export const messageInputs = { ...repliesFields.input, ...filesFields.input, ...pollsFields.input }

/** Fields of a message as it is stored and read. */
export const messageExtras = {
  ...repliesFields.extras,
  ...mentionsFields.extras,
  ...reactionsFields.extras,
  ...filesFields.extras,
  ...previewsFields.extras,
  ...threadsFields.extras,
  ...pinsFields.extras,
  ...pollsFields.extras,
  ...retentionFields.extras,
}

/** A field that can replace the text of a message. */
interface InsteadOfText {
  /** Its name among the inputs. */
  input: keyof typeof messageInputs
  /** Its name among the extras. */
  extras: keyof Extras
  /** Its content in words, for excerpts and terminals. */
  texts(extras: Extras): string[]
}

type Extras = { [Name in keyof typeof messageExtras]?: z.infer<(typeof messageExtras)[Name]> }

export const insteadOfText: InsteadOfText[] = [filesFields.insteadOfText, pollsFields.insteadOfText]

/** What a message contains besides its text, in words. */
export function textsOf(extras: Extras | null): string[] {
  return extras ? insteadOfText.flatMap((field) => field.texts(extras)) : []
}
