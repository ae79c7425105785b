import { z } from "zod"
import { mutation } from "../../kernel/index.ts"
import { InstanceName, maxSignInTextLength } from "../instance/contract.ts"

const maxUrlLength = 500

/** A web address; empty for none. */
const Link = z
  .string()
  .trim()
  .max(maxUrlLength, `An address has at most ${maxUrlLength} characters`)
  .refine(
    (url) => url === "" || (/^https?:\/\//i.test(url) && URL.canParse(url)),
    "Enter an address that begins with https://",
  )

/** A colour as `#rrggbb`. */
export const Accent = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^#[0-9a-f]{6}$/, "Enter a color as # and six digits 0–9 or letters a–f, such as #0a6e5c")

// Each procedure fails with 401, and with 403 for everyone but administrators of the instance.
export const lookContract = {
  /**
   * Changes how the instance presents itself; what is not given stays. An accent is made darker or lighter where text in
   * it could not be read otherwise; `null` for the usual one. Fails: 400.
   */
  updateLook: mutation({
    input: z.object({
      name: InstanceName.optional(),
      signInText: z
        .string()
        .trim()
        .max(maxSignInTextLength, `This text has at most ${maxSignInTextLength} characters`)
        .optional(),
      accent: Accent.nullable().optional(),
      termsUrl: Link.optional(),
      privacyUrl: Link.optional(),
    }),
    output: z.null(),
  }),
  /** Removes the uploaded icon. */
  removeInstanceIcon: mutation({ input: z.null(), output: z.null() }),
}
