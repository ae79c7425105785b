/** Messages of refusals that several features use. */

export const signInFirst = "Log in first"
export const waitsForApproval = "An administrator has to approve your account first"
export const administratorsOnly = "Only administrators of this chat may do this"
export const lastAdministrator = "This is the last administrator. Make someone else administrator first"
export const signedOut = "You are logged out"
export const notMember = "You are not a member of this server"
export const notVisible = "You do not have permission to view this channel"
export const ownerOnly = "Only the server's owner may do this"
export const notForBots = "Bots may not do this: ask the bot's owner"
export const noSuchServer = "There is no such server"
/** In place of a channel's page, where its server does not exist either. */
export const noServerHere = "There is no such server. It may have been deleted"
export const noSuchChannel = "There is no such channel"
export const noSuchCategory = "There is no such category"
export const noSuchMessage = "There is no such message"
export const noSuchMessageInChannel = "There is no such message in this channel"
export const messageDeleted = "This message was deleted"

export const factorFirst =
  "Administrators need a second factor here. Set one up in your account, under two-factor login"
