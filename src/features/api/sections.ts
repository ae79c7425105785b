import { z } from "zod"
import { accountsDocs } from "../accounts/docs.ts"
import { Ban } from "../bans/contract.ts"
import { bansDocs } from "../bans/docs.ts"
import { blocksDocs } from "../blocks/docs.ts"
import { Bot } from "../bots/contract.ts"
import { botsDocs } from "../bots/docs.ts"
import { Channel } from "../channels/contract.ts"
import { channelsDocs } from "../channels/docs.ts"
import { Conversation, Person } from "../conversations/contract.ts"
import { conversationsDocs } from "../conversations/docs.ts"
import { filesDocs } from "../files/docs.ts"
import { Invite, InvitePreview } from "../invites/contract.ts"
import { invitesDocs } from "../invites/docs.ts"
import { Member } from "../members/contract.ts"
import { membersDocs } from "../members/docs.ts"
import { Message } from "../messages/contract.ts"
import { messagesAddresses, messagesChannelDocs, messagesDocs } from "../messages/docs.ts"
import * as extras from "../messages/extras.ts"
import { pinsDocs } from "../pins/docs.ts"
import { presenceChannelDocs } from "../presence/docs.ts"
import { previewsDocs } from "../previews/docs.ts"
import { reactionsDocs } from "../reactions/docs.ts"
import { Unread } from "../reading/contract.ts"
import { readingChannelDocs, readingDocs } from "../reading/docs.ts"
import { SavedMessage } from "../saved/contract.ts"
import { savedDocs } from "../saved/docs.ts"
import { FoundMessage } from "../search/contract.ts"
import { searchDocs } from "../search/docs.ts"
import { Server } from "../servers/contract.ts"
import { serversDocs } from "../servers/docs.ts"
import { Session } from "../sessions/contract.ts"
import { sessionsDocs } from "../sessions/docs.ts"
import { Settings } from "../settings/contract.ts"
import { settingsDocs } from "../settings/docs.ts"
import { Thread, ThreadEntry } from "../threads/contract.ts"
import { threadsDocs } from "../threads/docs.ts"
import { MessageVersion } from "../versions/contract.ts"
import { versionsDocs } from "../versions/docs.ts"
import { webhooksAddresses } from "../webhooks/address-docs.ts"
import { OutgoingWebhook, Webhook } from "../webhooks/contract.ts"
import { webhooksDocs } from "../webhooks/docs.ts"
import type { Section } from "./doc.ts"
import { wireAddresses } from "./wire.ts"

const { MessageExtras, ReplyQuote, Reaction, Attachment, LinkPreview, ThreadSummary } = extras

/** The documentation of everything that programs may use, in the order of the page. Features add theirs here. */
export const sections: Section[] = [
  { title: "Accounts", procedures: accountsDocs },
  { title: "Sessions", procedures: sessionsDocs, schemas: { Session } },
  { title: "Servers", procedures: serversDocs, schemas: { Server } },
  { title: "Members", procedures: membersDocs, schemas: { Member } },
  { title: "Bans", procedures: bansDocs, schemas: { Ban } },
  { title: "Invites", procedures: invitesDocs, schemas: { Invite, InvitePreview } },
  { title: "Channels", procedures: channelsDocs, schemas: { Channel } },
  {
    title: "Messages",
    addresses: messagesAddresses,
    procedures: messagesDocs,
    channels: messagesChannelDocs,
    schemas: { Message, MessageExtras, ReplyQuote, Reaction, Attachment, LinkPreview, ThreadSummary },
  },
  { title: "Files", procedures: filesDocs },
  { title: "Reactions", procedures: reactionsDocs },
  { title: "Pins", procedures: pinsDocs },
  { title: "Threads", procedures: threadsDocs, schemas: { Thread, ThreadEntry } },
  { title: "Saved messages", procedures: savedDocs, schemas: { SavedMessage } },
  { title: "Search", procedures: searchDocs, schemas: { FoundMessage } },
  { title: "Link previews", procedures: previewsDocs },
  { title: "Bots", procedures: botsDocs, schemas: { Bot } },
  {
    title: "Webhooks",
    addresses: webhooksAddresses,
    procedures: webhooksDocs,
    schemas: { Webhook, OutgoingWebhook },
  },
  { title: "Edits", procedures: versionsDocs, schemas: { MessageVersion } },
  { title: "Reading", procedures: readingDocs, channels: readingChannelDocs, schemas: { Unread } },
  { title: "Conversations", procedures: conversationsDocs, schemas: { Conversation, Person } },
  { title: "Blocking", procedures: blocksDocs },
  { title: "Settings", procedures: settingsDocs, schemas: { Settings } },
  { title: "The Covenant wire", addresses: wireAddresses, channels: presenceChannelDocs },
]

/** What every refusal looks like. */
export const ApiError = z.object({
  error: z.object({
    code: z.int(),
    message: z.string(),
    retryAfterSeconds: z.int().optional(),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
})
