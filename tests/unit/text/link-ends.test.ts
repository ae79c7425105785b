import { describe, expect, test } from "bun:test"
import { renderContent } from "../../../src/features/messages/render.ts"
import { linksIn } from "../../../src/features/previews/links.ts"
import { find } from "../../support/html.ts"

// Each link stands between ⸠ and ⸡, as in the test files of UTS #58.

const ofTheIssue = [
  "⸠https://example.com/foo⸡。次の文。",
  "全角（⸠https://example.com/baz⸡）です。",
  "見て⸠https://example.com/a⸡ を",
  "⸠https://example.com/Schrödinger's_cat⸡",
  "⸠https://example.com/?q=[x]⸡",
]

/** In own words after UTS #58, "Link Detection" and LinkDetectionTest.txt (Unicode 17), as far as they have a scheme. */
const unicode = [
  "See ⸠http://example.com/αβγ⸡ on…",
  "See ⸠https://example.com/αβγ/δεζ?θικ#λμν⸡ on…",
  "See ⸠https://example.com/αβγ/δεζ?δ⸡ εφ#λμν on…",
  "See ⸠https://example.com/αβγ/δεζ?δ⸡. εφ#λμν on…",
  "See ⸠https://example.com/α/βγ?δ/ε?ζ#λ/μ?ν#π⸡ on…",
  "See ⸠https://example.com/αβ⸡) on…",
  "See ⸠https://example.com/α(β)⸡ on…",
  "See ⸠https://example.com/αβγ/δρς?α=θ&β=κ#λμν:~:text=φχψ⸡ on…",
  "See ⸠https://example.com/α[(β)]γ/δρς?α=[(θ)]&[(β)]=κ#λμν:~:text=[(φχψ)]⸡ on…",
  "See ⸠https://example.com/α[(β⸡])γ/δ on…",
  "See ⸠https://example.com/αβ(γ/δ⸡)ρς on…",
  "See ⸠https://example.com/αβγ/δρς?α(=⸡)θ on…",
  "See ⸠http://foo.example.com⸡. on…",
  "See ⸠http://foo.example.com./αβγ⸡ on…",
  "See http://.foo.example.com/αβγ on…",
  "See http://foo..example.com/αβγ on…",
  "⸠https://ja.wikipedia.org/wiki/フィンセント・ファン・ゴッホ⸡",
  "⸠https://an.wikipedia.org/wiki/Wikipedia:Lista_d'articlos_que_toda_Wikipedia⸡",
  "⸠https://nap.wikipedia.org/wiki/Wikipedia:Lista_d\"e_vvoce_ca_tutt'_'e_Wikipedie⸡",
  "⸠https://anp.wikipedia.org/wiki/मूलभूत_लेखॊ_के_सूची⸡",
  "⸠https://ar.wikipedia.org/wiki/ويكيبيديا:قائمة_مقالات⸡",
  "⸠https://bo.wikipedia.org/wiki/Wikipedia:སྐད་རིགས་ཆ་ཚང⸡།",
  "⸠https://my.wikipedia.org/wiki/ဝီကီပီးဒီးယား:မြန်မာဝီကီတွင်_ရှိသင့်သော⸡",
  "⸠https://th.wikipedia.org/wiki/วิกิพีเดีย:รายการบทความ⸡",
  "⸠https://ko.wikipedia.org/wiki/위키백과:모든_언어의⸡",
  "⸠https://普遍适用测试。我爱你⸡ 好",
  "a (⸠https://example.com/123?123#(123)⸡) b",
  "a ⸠https://example.com/123⸡... HTML is so great",
  "blah ⸠https://en.wikipedia.org/wiki/The_Lovemakers_(film)⸡ blah",
  "blah ⸠https://example.com/?foo[1]=a&amp;foo[2]=b⸡ blah",
  "Lorem ⸠https://example.com/knutsen/ver(k)ste(d)/brilleslange.mp3⸡ ipsum",
  "Lorem ⸠https://business.timesonline.co.uk/article/0,,9065-2473189,00.html⸡ ipsum",
  "Lorem ⸠https://www.mail-archive.com/ruby-talk@ruby-lang.org/⸡ ipsum",
  "Lorem ⸠https://www.rubyonrails.com/foo.cgi?trailing_hyphen=value-⸡ ipsum",
]

/** GitHub Flavored Markdown 0.29, "Autolinks (extension)". */
const github = [
  "Visit ⸠https://www.commonmark.org/a.b⸡.",
  "⸠https://www.google.com/search?q=Markup+(business)⸡",
  "⸠https://www.google.com/search?q=Markup+(business)⸡))",
  "(⸠https://www.google.com/search?q=(business)⸡)+ok",
  "⸠https://www.google.com/search?q=commonmark&hl=en⸡",
  "⸠https://www.google.com/search?q=commonmark⸡&hl;",
  "⸠https://encrypted.google.com/search?q=Markup+(business)⸡",
  "⸠https://example.com/a⸡!? and ⸠https://example.com/b⸡:",
]

/** Public reports about other programs. */
const reports = [
  // cmark-gfm #153 and #377, ox-content #1138: CJK punctuation and brackets.
  "(⸠https://github.com/⸡)。 [⸠https://github.com/⸡]0 {⸠https://github.com/⸡}0",
  "⸠https://github.com⸡． ⸠https://github.com⸡｡ ⸠https://github.com⸡、 ⸠https://github.com⸡，",
  "⸠https://github.com⸡､ ⸠https://github.com⸡？ ⸠https://github.com⸡！",
  "全角カッコ（⸠https://example.com⸡）",
  "参见⸠https://example.com⸡。",
  "読点: ⸠https://example.com/qux⸡、続き。",
  // openchamber #3039: an annotation in brackets behind the address.
  "访问 ⸠https://example.com/docs⸡（中文说明）了解更多",
  "⸠https://example.com/guide⸡，详见",
  "⸠https://example.com/苹果（公司）⸡ 好",
  // vscode #303101, #100353.
  "见 ⸠https://github.com/lobehub/lobehub/pull/13120⸡！谢谢",
  "「⸠https://b.example/x⸡」と『⸠https://b.example⸡』【⸠https://c.example/⸡】",
  // Autolinker.js #394, #297; s9e/TextFormatter #42.
  "链接：⸠https://www.google.com⸡ 链接:⸠https://www.google.com⸡ こちら→⸠https://google.com⸡",
  "车库源码（⸠http://src.cool⸡）与您共同进步！",
  "⸠https://ja.wikipedia.org/wiki/サクラ_(曖昧さ回避)⸡",
  // linkify-it, fixtures and #46.
  "(Scoped like ⸠http://example.com/foo_bar⸡)",
  "⸠http://foo.com/blah_blah_{I'm_king}⸡",
  "'Quoted like ⸠http://example.com/foo_bar⸡' \"⸠http://example.com/foo_bar⸡\"",
  "⸠http://example.com/foo-(with-nested-(parens))⸡.",
  "⸠http://example.com/(foo)⸡ (bar)",
  "⸠http://172.26.142.48/viewerjs/#../0529/slides.pdf⸡",
  "⸠https://www.google.ru/maps/@59.9393895,30.3165389,15z?hl=ru⸡",
  "⸠http://lyricstranslate.com/en/someone-you-നിന്നെ-പോലൊരാള്‍.html⸡",
  "｜⸠http://google.com⸡｜bar",
  "⸠http://✪df.ws/123⸡ ⸠http://inrgess2⸡ ⸠http://999⸡ ⸠http://user:pass@example.com:8080⸡",
  "http:// http://. http://.. http://# http://? http://.example.com http://-example.com",
  "text:⸠http://example.com/⸡ ahttp://example.com 1http://example.com éhttp://example.com",
]

/** What else people paste. */
const pasted = [
  '{"url":"⸠https://example.com/a⸡","next":"⸠https://example.com/b?x=1⸡"}',
  "fetch('⸠https://example.com/a⸡').then(r => r)",
  "['⸠https://example.com/a⸡','⸠https://example.com/b⸡']",
  'href="⸠https://example.com/a⸡"title="b" <a href=⸠https://example.com/c⸡>d</a>',
  "“⸠https://example.com/a⸡”等 «⸠https://example.com/a⸡»x „⸠https://example.com/a⸡“x",
  "| ⸠https://example.com/a⸡ | |⸠https://example.com/b⸡|c|",
  "⸠https://example.com⸡を見て ⸠https://example.com⸡👍 ⸠http://localhost:3000⸡です ⸠http://[::1]:8080/x⸡",
  "⸠https://example.com/a⸡\u200b次 ⸠https://example.com/a⸡\u3000次",
  "⸠https://example.com/日本⸡。次 ⸠https://example.com/😀⸡! ⸠https://example.com/a—b⸡—",
  "a ⸠https://example.com/a⸡; 2. ⸠https://example.com/b⸡, 3. ⸠https://example.com/c⸡…",
  "⸠https://example.com/~user/⸡ ⸠https://example.com/a*b⸡*",
  "⸠https://web.archive.org/web/2020/https://example.com/⸡ ⸠https://example.com/a%20b%E3%81%82⸡",
]

const all = [...ofTheIssue, ...unicode, ...github, ...reports, ...pasted]

describe("a link ends where a reader would end it", () => {
  test.each(all)("%s", (marked) => {
    const written = marked.replaceAll(/[⸠⸡]/g, "")

    const links = /<a href="([^"]*)"[^>]*>([^<]*)<\/a>/g
    const shown = renderContent(written).replaceAll(links, (_, href, text) =>
      href === text ? `⸠${text}⸡` : "?",
    )

    expect(shown).toBe(Bun.escapeHTML(marked))
  })

  test("also in bold and other formatting", () => {
    for (const [written, tag] of [
      ["_https://example.com/a_b_", "em"],
      ["_https://example.com/a_b_です", "em"],
      ["__https://example.com/a_b__です", "u"],
      ["__https://example.com__です", "u"],
      ["**https://example.com/a_b**です", "strong"],
      ["**見て https://example.com/a_b**です", "strong"],
      ["*https://example.com/a_b*です", "em"],
      ["~~https://example.com/a_b~~です", "s"],
      ["||https://example.com/a_b||です", "label"],
    ] as const) {
      const [link] = find(`<p>${renderContent(written)}</p>`, `${tag} a`)
      expect([written, link?.text]).toEqual([written, written.match(/https:\/\/example\.com(?:\/a_b)?/)?.[0]])
    }
  })

  test("for previews too, and in brackets it leads where it says, with a title or without", () => {
    expect(linksIn("（https://example.com/a）と https://example.com/b。")).toEqual([
      "https://example.com/a",
      "https://example.com/b",
    ])
    for (const [target, href, title] of [
      ['https://example.com/a "Title here"', "https://example.com/a", "Title here"],
      ["https://example.com/a 'It is \"it\"'", "https://example.com/a", 'It is "it"'],
      ["https://example.com/a (Title)", "https://example.com/a", "Title"],
      ['<https://example.com/a> "b \\" c"', "https://example.com/a", 'b " c'],
      ["https://example.com/a_(b_(c))", "https://example.com/a_(b_(c))"],
      ["https://example.com/it's/日本（東京）", "https://example.com/it's/日本（東京）"],
    ]) {
      const [link] = find(`<p>${renderContent(`[text](${target})`)}</p>`, "a")
      const shown = [link?.text, link?.attributes.href, link?.attributes.title]
      expect(shown).toEqual(["text", href, title === undefined ? href : `${href}\n${title}`])
    }
    for (const wrong of [
      'https://a.example "b',
      "https://a.example b",
      'https://a.example"b"',
      "https://a.example (b",
    ])
      expect(find(`<p>${renderContent(`[text](${wrong})`)}</p>`, "a").map(({ text }) => text)).not.toContain(
        "text",
      )
  })
})
