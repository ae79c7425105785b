import { describe, expect, test } from "bun:test"
import { renderContent } from "../../../src/features/messages/render.ts"
import { parseBlocks } from "../../../src/features/messages/text/blocks.ts"
import { mentionsIn, possibleNames } from "../../../src/features/messages/text/mentions.ts"
import { namesOf } from "../../../src/features/messages/text/names.ts"

const names = namesOf(
  new Map([
    ["bob", "b"],
    ["types", "t"],
    ["foo_bar_", "f"],
    ["j.doe", "j"],
    ["everyone", "everyone"],
  ]),
  [
    { id: "c1", name: "general" },
    { id: "c2", name: "general chat" },
    { id: "c3", name: "一般" },
    { id: "c4", name: "일반" },
    { id: "c5", name: "café" },
    { id: "c6", name: "help-desk" },
  ],
  [
    { id: "r1", name: "cooks" },
    { id: "r2", name: "開発" },
  ],
)

// Each name that is one stands between ⸠ and ⸡.

/** In scripts without spaces. Reports: buzz #3904, multica #8502, artcraft #1374, Solian #226, gutenberg #47249. */
const unspaced = [
  "交给⸠@bob⸡处理",
  "你好 ⸠@bob⸡",
  "感謝⸠@bob⸡。",
  "我和⸠@bob⸡，还有⸠@types⸡！",
  "⸠@bob⸡さん、おはよう",
  "明日⸠@bob⸡が来る",
  "ありがとう⸠@bob⸡！",
  "（⸠@bob⸡）と「⸠@bob⸡」",
  "⸠@bob⸡님, 안녕하세요",
  "안녕⸠@bob⸡처럼",
  "ขอบคุณ⸠@bob⸡ครับ",
  "ຂອບໃຈ⸠@bob⸡ແລ້ວ",
  "អរគុណ⸠@bob⸡ណាស់",
  "ကျေးဇူး⸠@bob⸡ပါ",
  "𠮷野家で⸠@bob⸡と",
  "全角＠bob は全角",
  "⸠@everyone⸡請看 通知⸠@everyone⸡",
  "給⸠@cooks⸡看 給⸠@開発⸡へ ⸠@開発⸡の皆さん @開発者",
  "請看⸠#general⸡頻道",
  "⸠#general⸡で話す ⸠#general⸡에서",
  "⸠#一般⸡で話す @一般",
  "見て⸠#一般⸡！ #一般質問",
  "⸠#일반⸡で #일반방",
  "見て⸠#general chat⸡を",
]

/** With other signs around. Reports: nextcloud/text #8468, cordless #96. */
const beside = [
  "⸠@bob⸡ ⸠@bob⸡, ⸠@bob⸡. ⸠@bob⸡! ⸠@bob⸡? ⸠@bob⸡: ⸠@bob⸡; ⸠@bob⸡…",
  "(⸠@bob⸡) [⸠@bob⸡] {⸠@bob⸡} \"⸠@bob⸡\" '⸠@bob⸡' “⸠@bob⸡” <⸠@bob⸡>",
  "Bring food (⸠@bob⸡)",
  "drinks:⸠@bob⸡ cc:⸠@types⸡",
  "⸠@bob⸡'s idea, ⸠@bob⸡’s idea",
  "⸠@bob⸡- ⸠@bob⸡. ⸠@bob⸡... ⸠@bob⸡)",
  "⸠@bob⸡/⸠@types⸡ ⸠@bob⸡+⸠@types⸡ ⸠@bob⸡&⸠@types⸡",
  "⸠@BOB⸡ ⸠@Bob⸡",
  "👍⸠@bob⸡👍 →⸠@bob⸡←",
  "⸠@j.doe⸡. ⸠@j.doe⸡, @j.do",
  "⸠@foo_bar_⸡ ⸠@foo_bar_⸡. @foo_bar",
  "⸠#general⸡, ⸠#general⸡. (⸠#general⸡) ⸠#general⸡/⸠#café⸡ ⸠#general⸡'s",
  "⸠#café⸡ ⸠#café⸡. ⸠#help-desk⸡ ⸠#help-desk⸡-",
  "⸠#general chat⸡ ⸠#General Chat⸡! ⸠#general⸡ chatter",
  "en: ⸠@bob⸡ \u2068⸠@bob⸡\u2069",
]

/** Within a longer name or an address. Reports: cordless #96, Solian #226, multica #8502, gutenberg #47249. */
const longer = [
  "alice@bob.example a@bob",
  "josé@bob почта@bob αλφα@bob नाम@bob",
  "user@types.example first.last@types user_1@bob",
  "@bobby @bob2 @bob_x @bob.x @bob-x",
  "@bobé @bobя @bobα @bob\u0301",
  "@bob@mastodon.example is elsewhere",
  "@bob:matrix.example",
  "@types/node @types/react-dom @bob/repo",
  "github.com/@bob medium.com/@bob/story example.com:8080/a/@bob",
  "https://example.com/@bob https://example.com/?u=@bob https://example.com/#general",
  "git@bob:repo ssh://git@bob",
  "C#general a#general é#general 1#general",
  "#generals #general2 #general_x #general-chat #generalé",
  "#cafés #café-bar #cafe",
  "example.com/#general docs.example/page/#general",
  "#general/2 @cooks-only @cooksé @cooks/x",
  "`@bob` `#general` ```\n@bob\n``` \\@bob \\#general",
  "#一般的 #一般論 @開発室",
]

const all = [...unspaced, ...beside, ...longer]

describe("a name is one only where it ends", () => {
  test.each(all)("%s", (marked) => {
    const written = marked.replaceAll(/[⸠⸡]/g, "")
    const elements = /<(a|span) class="mention"[^>]*>([^<]*)<\/\1>/g

    const shown = renderContent(written, { names, serverId: "lab" })
      .replaceAll(elements, "⸠$2⸡")
      .replaceAll(/<[^>]*>/g, "")

    const letters = (text: string) => text.replaceAll(/[`\s\\]/g, "").toLowerCase()
    expect(letters(shown)).toBe(letters(Bun.escapeHTML(marked)))
  })

  test("also for notifications", () => {
    const { people, channels } = mentionsIn(parseBlocks("交给@bob处理 #一般で a@types @types/node", names))
    expect([[...people], [...channels]]).toEqual([["b"], ["c3"]])
    expect(possibleNames("交给@bob处理，@j.doe。")).toEqual(["bob", "j.doe"])
  })
})
