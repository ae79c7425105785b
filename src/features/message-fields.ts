import { filesFields } from "./files/message-fields.ts"
import { mentionsFields } from "./mentions/message-fields.ts"
import { pinsFields } from "./pins/message-fields.ts"
import { previewsFields } from "./previews/message-fields.ts"
import { reactionsFields } from "./reactions/message-fields.ts"
import { repliesFields } from "./replies/message-fields.ts"
import { threadsFields } from "./threads/message-fields.ts"

// What features add to messages, pure zod: the contract of messages is composed from these three lists. They stand
// apart from the features' contracts, which import the messages' contract.

/** The fields that a sender may give. */
export const messageInputs = { ...repliesFields.input, ...filesFields.input }

/** The fields that readers get, and that are stored with the message. */
export const messageExtras = {
  ...repliesFields.extras,
  ...mentionsFields.extras,
  ...reactionsFields.extras,
  ...filesFields.extras,
  ...previewsFields.extras,
  ...threadsFields.extras,
  ...pinsFields.extras,
}

/** The fields with which a message may have no text, by their names as input and as extras. */
export const insteadOfText: { input: keyof typeof messageInputs; extras: keyof typeof messageExtras }[] = [
  filesFields.insteadOfText,
]
