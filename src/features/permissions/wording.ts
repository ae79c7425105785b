/** Messages of refusals that several features use. */

export const signInFirst = "Sign in first"
export const signedOut = "You are signed out"
export const notMember = "You are not a member of this server"
export const notVisible = "You do not have permission to view this channel"
export const ownerOnly = "Only the server's owner may do this"
export const notForBots = "Bots may not do this: ask the person who owns it"
export const noSuchServer = "There is no such server"
export const noSuchChannel = "There is no such channel"
export const noSuchCategory = "There is no such category"
export const noSuchMessage = "There is no such message"
export const noSuchMessageInChannel = "There is no such message in this channel"
export const messageDeleted = "This message was deleted"
