import { describe, expect, test } from "bun:test"
import { renderContent } from "../../../src/features/messages/render.ts"

/** Elements by their shortest names, and what surrounds code left as it is. */
function html(text: string): string {
  return renderContent(text)
    .replaceAll(/<label class="spoiler"><input [^>]*><span>/g, "<spoiler>")
    .replaceAll("</span></label>", "</spoiler>")
    .replaceAll(/<(\/?)strong>/g, "<$1b>")
    .replaceAll(/<(\/?)em>/g, "<$1i>")
    .replaceAll(/<a href="([^"]*)"[^>]*>/g, "<a $1>")
    .replaceAll(/<span class="code-\w+">([^<]*)<\/span>/g, "$1")
}

/** Letters of scripts without spaces. Reports: commonmark-spec #650 and #839, marktext #4307 and #4401, slax-reader #247. */
const unspaced: [string, string][] = [
  ["__下線__です", "<u>下線</u>です"],
  ["これは__下線__です", "これは<u>下線</u>です"],
  ["これは_斜体_です", "これは<i>斜体</i>です"],
  ["_斜体_です", "<i>斜体</i>です"],
  ["これは*斜体*です", "これは<i>斜体</i>です"],
  ["これは**太字**です", "これは<b>太字</b>です"],
  ["これは***両方***です", "これは<i><b>両方</b></i>です"],
  ["これは~~取消~~です", "これは<s>取消</s>です"],
  ["これは||秘密||です", "これは<spoiler>秘密</spoiler>です"],
  ["これは___両方___です", "これは<u><i>両方</i></u>です"],
  ["これは**「重要なこと」**です。", "これは<b>「重要なこと」</b>です。"],
  ["这是**我想做的事。**所以继续。", "这是<b>我想做的事。</b>所以继续。"],
  ["**注意：**正文", "<b>注意：</b>正文"],
  ["例子例子**“加粗”**例子", "例子例子<b>“加粗”</b>例子"],
  ["日本語**(強調)**日本語", "日本語<b>(強調)</b>日本語"],
  ["한국어**[강조]**한국어", "한국어<b>[강조]</b>한국어"],
  ["문서 **마크다운(Markdown)**을 사용", "문서 <b>마크다운(Markdown)</b>을 사용"],
  ["__밑줄__을 _기울임_도", "<u>밑줄</u>을 <i>기울임</i>도"],
  ["𠀀𠀁**(加粗)**𠀀𠀁", "𠀀𠀁<b>(加粗)</b>𠀀𠀁"],
  ["𠀀__加粗__𠀁", "𠀀<u>加粗</u>𠀁"],
  ["私は**⻲田太郎**と申します", "私は<b>⻲田太郎</b>と申します"],
  ["選択肢**㋐**: 一つ目", "選択肢<b>㋐</b>: 一つ目"],
  ["ขอ**หนา**นะ __ขีด__ครับ", "ขอ<b>หนา</b>นะ <u>ขีด</u>ครับ"],
  ["ຂໍ__ຂີດ__ແດ່", "ຂໍ<u>ຂີດ</u>ແດ່"],
  ["សូម__គូស__ណា", "សូម<u>គូស</u>ណា"],
  ["ကျ__မျဉ်း__ပါ", "ကျ<u>မျဉ်း</u>ပါ"],
  ["第2**重要**点", "第2<b>重要</b>点"],
  ["中*「文」*字", "中<i>「文」</i>字"],
  ["**テスト。**テスト", "<b>テスト。</b>テスト"],
  [
    "**リンク https://example.com/a**です",
    "<b>リンク <a https://example.com/a>https://example.com/a</a></b>です",
  ],
  ["__A__です __1__番", "<u>A</u>です <u>1</u>番"],
  ["、**太字**、__下線__、", "、<b>太字</b>、<u>下線</u>、"],
  // Names stay names.
  ["报告_最终_版.docx 見積_2026_最終.xlsx", "报告_最终_版.docx 見積_2026_最終.xlsx"],
  ["資料_v2_final.pdf", "資料_v2_final.pdf"],
]

/** Words with spaces: CommonMark 0.31, "Emphasis and strong emphasis", and what chats expect. */
const spaced: [string, string][] = [
  ["snake_case_name my__init__py", "snake_case_name my__init__py"],
  ["пристаням_стремятся_ é__a__é", "пристаням_стремятся_ é__a__é"],
  ["aa_bb_cc 5_6_78", "aa_bb_cc 5_6_78"],
  ["foo*bar* 5*6*78", "foo<i>bar</i> 5*6*78"],
  ["_(bar)_. _(bar)_", "<i>(bar)</i>. <i>(bar)</i>"],
  ["foo-_(bar)_", "foo-<i>(bar)</i>"],
  ["__foo, __bar__, baz__", "<u>foo, </u>bar<u>, baz</u>"],
  ["*foo**bar**baz*", "<i>foo<b>bar</b>baz</i>"],
  ["***foo** bar*", "<i><b>foo</b> bar</i>"],
  ["*foo **bar***", "<i>foo <b>bar</b></i>"],
  ["**foo*", "*<i>foo</i>"],
  ["*foo**", "<i>foo</i>*"],
  ["a * foo bar* _ foo_", "a * foo bar* _ foo_"],
  ["e\u0301__a__e", "e\u0301__a__e"],
  ["**bold**text te**x**t", "<b>bold</b>text te<b>x</b>t"],
  ["__dunder__ __init__.py", "<u>dunder</u> <u>init</u>.py"],
]

/** CommonMark 0.31, "Fenced code blocks" and "Code spans". */
const code: [string, string][] = [
  ["````\n```js\n1\n```\n````", "<pre><code>```js\n1\n```</code></pre>"],
  ["````md\n```\na\n```\n````", "<pre><code>```\na\n```</code></pre>"],
  ["`````\n````\n```\n````\n`````", "<pre><code>````\n```\n````</code></pre>"],
  ["````a```b````", "<pre><code>a```b</code></pre>"],
  ["```\na\n`````\nb", "<pre><code>a</code></pre><p>b</p>"],
  ["````\na\n```", "````\na\n```"],
  ["```\na\n```\n````\n```\n````", "<pre><code>a</code></pre><pre><code>```</code></pre>"],
  ["a ```` ```x``` ```` b", "<p>a </p><pre><code> ```x```</code></pre><p> b</p>"],
  [
    "> ````\n> ```\n> a\n> ```\n> ````",
    '<blockquote dir="auto"><pre><code>```\na\n```</code></pre></blockquote>',
  ],
  ["- ````\n```\na\n```\n````", '<ul dir="auto"><li><pre><code>```\na\n```</code></pre></li></ul>'],
  ["`` `a` ``", "<code>`a`</code>"],
  ["` a` `a ` ` a `", "<code> a</code> <code>a </code> <code>a</code>"],
  ["``a`b`` `a``b`", "<code>a`b</code> <code>a``b</code>"],
  ["`a\\`b`", "<code>a\\</code>b`"],
  ["``` `` ```", "<pre><code> ``</code></pre>"],
  ["`**a**` **`a`**です`b`", "<code>**a**</code> <b><code>a</code></b>です<code>b</code>"],
  ["\\````a````", "````a````"],
  ["||````\n```\na\n```\n````||", "<div><spoiler><pre><code>```\na\n```</code></pre></spoiler></div>"],
]

describe("formatting and code beside letters and in each other", () => {
  test.each([...unspaced, ...spaced, ...code])("%j", (written, shown) => {
    expect(html(written)).toBe(shown)
  })
})
