import { describe, expect, test } from "bun:test"
import { aliases } from "../../src/features/emoji/aliases.ts"
import { emojiByName } from "../../src/features/emoji/search.ts"
import { withEmoji } from "../../src/features/emoji/shortcodes.ts"

/** Sources: Slack's and emoji-data's names, those of Discord (JoyPixels), of GitHub, and of Unicode CLDR. */
const names: [string, string][] = [
  [":thumbsup::skin-tone-2: :+1::skin-tone-6:", "👍🏻 👍🏿"],
  [":wave::skin-tone-4::tada:", "👋🏽🎉"],
  [":man-shrugging::skin-tone-6:", "🤷🏿‍♂️"],
  [":woman-running::skin-tone-3:", "🏃🏼‍♀️"],
  [":point_up::skin-tone-5:", "☝🏾"],
  [":thumbsup_tone1: :thumbsup_tone5:", "👍🏻 👍🏿"],
  [":thumbs_up_medium_dark_skin_tone:", "👍🏾"],
  [":wave_light_skin_tone: :wave_medium-light_skin_tone:", "👋🏻 👋🏼"],
  [":male-doctor: :female-technologist: :male-teacher:", "👨‍⚕️ 👩‍💻 👨‍🏫"],
  [":flag-us: :flag_jp: :us: :flag-england:", "🇺🇸 🇯🇵 🇺🇸 🏴󠁧󠁢󠁥󠁮󠁧󠁿"],
  [":regional_indicator_a:", "🇦"],
  [":slight_smile: :slightly_smiling_face: :simple_smile:", "🙂 🙂 🙂"],
  [":thinking: :thinking_face:", "🤔 🤔"],
  [":face_with_rolling_eyes: :rolling_eyes: :roll_eyes:", "🙄 🙄 🙄"],
  [":hugging: :hugging_face: :hugs:", "🤗 🤗 🤗"],
  [":party_popper: :tada:", "🎉 🎉"],
  [":red_heart: :heart:", "❤️ ❤️"],
  [":face_with_tears_of_joy: :joy:", "😂 😂"],
  [":white_check_mark: :check_mark_button: :check_mark:", "✅ ✅ ✔️"],
  [":flame: :fire:", "🔥 🔥"],
  [":100: :hundred_points: :hankey: :poo:", "💯 💯 💩 💩"],
]

/** Reports: emojione #409 (addresses of networks), Bios-Marcel/cordless #96, and what people write. */
const besides: [string, string][] = [
  ["交给:tada:处理 ありがとう:pray:です", "交给🎉处理 ありがとう🙏です"],
  ["word:tada: é:tada: 1:tada:", "word:tada: é:tada: 1:tada:"],
  ["<:tada:123> <a:wave:456789>", "<:tada:123> <a:wave:456789>"],
  ["<:x:123> :wave:", "<:x:123> 👋"],
  ["<b>:tada:</b>", "<b>🎉</b>"],
  ["std::key::value foo::fire::bar crate::bell::x", "std::key::value foo::fire::bar crate::bell::x"],
  ["fe80::de:ad 00:de:ad:be [::de:ad] ::fr:1", "fe80::de:ad 00:de:ad:be [::de:ad] ::fr:1"],
  ["10:100:30 12:00:00 at :100:", "10:100:30 12:00:00 at 💯"],
  [":tada::tada::tada:", "🎉🎉🎉"],
  [":tada::skin-tone-3:", "🎉:skin-tone-3:"],
  [
    ":skin-tone-2: :nothing_tone2: :flag-zz: :flag_: :male-:",
    ":skin-tone-2: :nothing_tone2: :flag-zz: :flag_: :male-:",
  ],
  ["````\n```\n:tada:\n```\n````", "````\n```\n:tada:\n```\n````"],
  ["(:heart:) **:heart:** _:heart:_ :heart:.", "(❤️) **❤️** _❤️_ ❤️."],
  ["https://example.com/foo。:tada:", "https://example.com/foo。🎉"],
  ["C:\\x :smile:\\", "C:\\x 😄\\"],
  ["<t:0:R> :constructor: ::", "<t:0:R> :constructor: ::"],
]

describe("names of emoji", () => {
  test.each([...names, ...besides])("%s", async (written, shown) => {
    expect(await withEmoji(written)).toBe(shown)
  })

  test("of other programs mean emoji that there are", async () => {
    const byName = await emojiByName()
    expect([...aliases].filter(([, name]) => !byName.has(name))).toEqual([])
  })
})
