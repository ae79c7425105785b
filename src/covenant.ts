import { accountsContract } from "./features/accounts/contract.ts"
import { bansContract } from "./features/bans/contract.ts"
import { blocksContract } from "./features/blocks/contract.ts"
import { botsContract } from "./features/bots/contract.ts"
import { channelsContract } from "./features/channels/contract.ts"
import { conversationsContract } from "./features/conversations/contract.ts"
import { filesContract } from "./features/files/contract.ts"
import { invitesContract } from "./features/invites/contract.ts"
import { membersContract } from "./features/members/contract.ts"
import { messagesChannels, messagesContract } from "./features/messages/contract.ts"
import { pinsContract } from "./features/pins/contract.ts"
import { presenceChannels } from "./features/presence/contract.ts"
import { previewsContract } from "./features/previews/contract.ts"
import { reactionsContract } from "./features/reactions/contract.ts"
import { readingChannels, readingContract } from "./features/reading/contract.ts"
import { savedContract } from "./features/saved/contract.ts"
import { searchContract } from "./features/search/contract.ts"
import { serversContract } from "./features/servers/contract.ts"
import { sessionsContract } from "./features/sessions/contract.ts"
import { settingsContract } from "./features/settings/contract.ts"
import { threadsContract } from "./features/threads/contract.ts"
import { versionsContract } from "./features/versions/contract.ts"
import { webhooksContract } from "./features/webhooks/contract.ts"
import { declareCovenant } from "./kernel/index.ts"

/** The contract: everything anyone can ask of Covenant Chat, composed from the features' slices. */
export const covenant = declareCovenant({
  procedures: {
    ...accountsContract,
    ...sessionsContract,
    ...serversContract,
    ...membersContract,
    ...bansContract,
    ...botsContract,
    ...channelsContract,
    ...invitesContract,
    ...messagesContract,
    ...versionsContract,
    ...reactionsContract,
    ...pinsContract,
    ...savedContract,
    ...threadsContract,
    ...searchContract,
    ...readingContract,
    ...conversationsContract,
    ...blocksContract,
    ...settingsContract,
    ...previewsContract,
    ...webhooksContract,
    ...filesContract,
  },
  channels: { ...messagesChannels, ...presenceChannels, ...readingChannels },
})
