import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"

/** How long a deletion can be cancelled, in days. */
export const deletionDays = 14

/** What happens to what a person wrote: it stays under a placeholder name, or it is deleted, too. */
export const LeftMessages = z.enum(["keep", "delete"])

export const AccountDeletion = z.object({
  messages: LeftMessages,
  /** When the account is deleted. */
  dueAt: z.date(),
})
export type AccountDeletion = z.infer<typeof AccountDeletion>

export const accountDeletionsContract = {
  /** When the viewer's account will be deleted; `null`: it stays. Fails: 401. */
  getAccountDeletion: query({ input: z.null(), output: AccountDeletion.nullable() }),
  /**
   * Has the viewer's account deleted in some days, 14 unless it says otherwise; 0: at once. Servers that they alone are in go
   * with it. Replaces an earlier choice. Without a password, they must have confirmed who they are some minutes ago. Fails:
   * 401, 403 (wrong password; not confirmed), 400 (they own a server with other members, or are
   * the last administrator), 409 (the password was changed meanwhile), 429.
   */
  scheduleAccountDeletion: mutation({
    input: z.object({
      password: z.string().max(1000, "This password is too long").optional(),
      messages: LeftMessages,
      days: z.int().min(0).max(deletionDays).optional(),
    }),
    output: AccountDeletion,
  }),
  /** Keeps the account; also when nothing was scheduled. Fails: 401. */
  cancelAccountDeletion: mutation({ input: z.null(), output: z.null() }),
}
