export const noSuchBot = "You have no such bot"
